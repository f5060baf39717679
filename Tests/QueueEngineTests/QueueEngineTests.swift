import Testing
@Test func QueueEngineTestsPlaceholder() {}
