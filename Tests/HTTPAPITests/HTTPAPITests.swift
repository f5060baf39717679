import Testing
@Test func HTTPAPITestsPlaceholder() {}
