/// Middle values, for figures taken on a machine that others use too.
package enum Median {
    /// The middle of `values`, or the mean of the two in the middle.
    package static func of(_ values: [Double]) -> Double {
        precondition(!values.isEmpty)
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// As `of`, where a figure may be missing; nil if any is.
    package static func ofAll(_ values: [Double?]) -> Double? {
        let present = values.compactMap { $0 }
        return present.count == values.count && !present.isEmpty ? of(present) : nil
    }
}
