import Testing

struct SwiftCodeTests {
    @Test func `comments and the contents of strings are no code`() {
        let code = SwiftCode(
            #"""
            let a = "{ // no comment \(b("}", c)) {" // {
            /* { */ let d = #"\("# + """
                { " {
                """
            """#
        )
        #expect(!code.text.contains("{"))
        #expect(!code.text.contains("}"))
        #expect(!code.text.contains("no"))
        #expect(code.text.contains("(b("))
        #expect(code.text.contains("let d ="))
    }

    @Test func `the length of a function runs from its declaration to its closing brace`() {
        let code = SwiftCode(
            """
            struct A {
                func short() { b { "}" } }
                init(
                    a: Int
                ) {
                    if a { c() }
                }
            }
            """
        )
        #expect(code.functions.map(\.name) == ["short", "init"])
        #expect(code.functions.map(\.lineCount) == [1, 5])
        #expect(code.functions.map(\.firstLine) == [2, 3])
    }

    @Test func `imports are found whatever stands before them`() {
        let code = SwiftCode(
            """
            import A
            public import B
            internal import struct C.D
            @preconcurrency import E
            // import F
            """
        )
        #expect(code.imports == ["A", "B", "C", "E"])
    }
}
