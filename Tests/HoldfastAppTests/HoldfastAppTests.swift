import Testing
@Test func HoldfastAppTestsPlaceholder() {}
