internal import Synchronization

/// How many bytes the long request bodies of one kind may take that are under way, for all connections together.
///
/// The room for a whole body is taken before it is read, so that whatever has begun can come to its end. Who finds no
/// room waits in line and is not read from meanwhile. Short bodies take none: there are only so many connections.
package final class BodyRoom: Sendable {
    /// Bytes from which on a body needs room.
    package static let longSizeBytesMin = 16 * 1_024

    /// A body's part of the room, or its place in line.
    package final class Share: Sendable {
        /// How much it is, or waits for.
        let sizeBytes: Int

        /// What it is a part of.
        let room: BodyRoom

        fileprivate let place: UInt64
        fileprivate let wake: @Sendable () -> Void

        fileprivate init(of room: BodyRoom, sizeBytes: Int, place: UInt64, wake: @escaping @Sendable () -> Void) {
            self.room = room
            self.sizeBytes = sizeBytes
            self.place = place
            self.wake = wake
        }
    }

    private struct State {
        var freeSizeBytes: Int
        var waiting: [UInt64: Share] = [:]
        var sharesMade: UInt64 = 0
        /// No share in line has a lower place.
        var firstPlace: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Room for so many bytes, all of them free.
    package init(sizeBytesMax: Int) {
        state = Mutex(State(freeSizeBytes: sizeBytesMax))
    }

    /// Bytes that nobody has.
    package var freeSizeBytes: Int {
        state.withLock { $0.freeSizeBytes }
    }

    /// Whether somebody waits in line.
    package var isWaitedFor: Bool {
        state.withLock { !$0.waiting.isEmpty }
    }

    /// Takes room, or a place in line.
    ///
    /// - Parameters:
    ///   - sizeBytes: how much; not more than there is in all.
    ///   - wake: called on any thread once there is room, if there is none now.
    /// - Returns: the share, to be given back once; and whether it is room already.
    package func take(sizeBytes: Int, wake: @escaping @Sendable () -> Void) -> (share: Share, hasRoom: Bool) {
        state.withLock { state in
            state.sharesMade += 1
            let share = Share(of: self, sizeBytes: sizeBytes, place: state.sharesMade, wake: wake)
            // Nobody is overtaken, or a large body would never have its turn.
            let hasRoom = state.waiting.isEmpty && sizeBytes <= state.freeSizeBytes
            if hasRoom {
                state.freeSizeBytes -= sizeBytes
            } else {
                if state.waiting.isEmpty { state.firstPlace = share.place }
                state.waiting[share.place] = share
            }
            return (share, hasRoom)
        }
    }

    /// Gives room or a place in line back, and lets those in who have room now.
    package func giveBack(_ share: Share) {
        let woken = state.withLock { state in
            if state.waiting.removeValue(forKey: share.place) == nil {
                state.freeSizeBytes += share.sizeBytes
            }
            var woken: [Share] = []
            while !state.waiting.isEmpty {
                guard let first = state.waiting[state.firstPlace] else {
                    state.firstPlace += 1
                    continue
                }
                guard first.sizeBytes <= state.freeSizeBytes else { break }
                state.waiting[first.place] = nil
                state.freeSizeBytes -= first.sizeBytes
                woken.append(first)
            }
            return woken
        }
        for share in woken {
            share.wake()
        }
    }
}
