import Testing
@Test func QueueModelTestsPlaceholder() {}
