import Testing
@Test func SQSWireTestsPlaceholder() {}
