import Testing
@Test func StoreConformanceTestsPlaceholder() {}
