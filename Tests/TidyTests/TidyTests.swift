import Testing
@Test func TidyTestsPlaceholder() {}
