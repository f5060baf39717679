import Testing
@Test func SQLiteStoreTestsPlaceholder() {}
