import Benchmark

extension Report {
    /// The report for people.
    func text() -> String {
        var sections = [header(), goalTable(), cycleTable(), latencyTable()]
        if let standing { sections.append(Self.standingText(standing)) }
        let cycled = Double(messagesCycled).formatted(decimals: 0)
        sections.append(
            "Checked: \(cycled) messages of the cycles were each received once and deleted; the queues were empty at "
                + "the end of every run.\n"
        )
        return sections.joined(separator: "\n")
    }

    private func header() -> String {
        let memory = (Double(machine.memoryBytes) / 1_073_741_824).formatted(decimals: 1)
        var lines = [
            "Holdfast bench, \(machine.date)",
            "  server   \(server)",
            "  machine  \(machine.cores) cores (\(machine.processor)), \(memory) GiB, \(machine.kernel)",
        ]
        if let disk {
            let p50 = (disk.p50Microseconds / 1e3).formatted(decimals: 3)
            let p99 = (disk.p99Microseconds / 1e3).formatted(decimals: 3)
            let inMemory = disk.fileSystem == "tmpfs" ? " IN MEMORY, NOT A DISK:" : ""
            let yardstick = "overwrite of 4 KiB and fdatasync: p50 \(p50) ms, p99 \(p99) ms"
            lines.append("  disk  F  \(disk.fileSystem),\(inMemory) \(yardstick)")
        }
        let seconds = secondsPerLoad.formatted(decimals: 1)
        lines.append("  load     \(bodyBytes)-byte bodies, JSON protocol, generator with one thread on this machine")
        let burst = fifoSecondsPerLoad.formatted(decimals: 0)
        lines.append(
            "  rounds   \(rounds), loads in turn for \(seconds) s each, FIFO \(burst) s; figures are medians of rounds"
        )
        let others = (otherLoadShare * 100).formatted(decimals: 0)
        lines.append(
            "  others   used \(others) % of the cores during the cycles; rates suffer from it, CPU figures little"
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private func goalTable() -> String {
        var text = "What is asked for, with 64 connections\n" + Goal.table(goals)
        if let fifoResidentBytesMax {
            text += "  (memory of the broker with the FIFO burst: \(Self.megabytes(fifoResidentBytesMax)))\n"
        }
        return text
    }

    private func cycleTable() -> String {
        var table = TextTable([
            "load", "connections", "requests/s", "/H", "messages/s", "/H", "CPU µs/request", "/hello",
            "CPU µs/message", "/hello", "generator µs",
        ])
        for row in cycles {
            table.add([
                row.load.title, "\(row.connections)",
                row.requestsPerSecond.formatted(decimals: 0), row.requestsOverHello.formatted(decimals: 2),
                row.messagesPerSecond.formatted(decimals: 0), row.messagesOverHello.formatted(decimals: 2),
                row.cpuMicrosecondsPerRequest.formatted(decimals: 1),
                row.cpuPerRequestOverHello.formatted(decimals: 2),
                row.cpuMicrosecondsPerMessage.formatted(decimals: 1),
                row.cpuPerMessageOverHello.formatted(decimals: 2),
                row.generatorCPUMicrosecondsPerRequest.formatted(decimals: 1),
            ])
        }
        return "Cycles of send, receive and delete; H is hello's requests/s with as many connections\n"
            + table.render()
    }

    private func latencyTable() -> String {
        var table = TextTable(
            ["load", "connections", "request", "p50 ms", "p99 ms", "p99.9 ms", "p99/p50", "p50/F"],
            words: [0, 2]
        )
        for row in cycles {
            for operation in Operation.allCases {
                guard let latency = row.latencies[operation.name] else { continue }
                table.add([
                    row.load.title, "\(row.connections)", operation.name,
                    (latency.p50Microseconds / 1e3).formatted(decimals: 3),
                    (latency.p99Microseconds / 1e3).formatted(decimals: 3),
                    (latency.p999Microseconds / 1e3).formatted(decimals: 3),
                    (latency.p99Microseconds / latency.p50Microseconds).formatted(decimals: 1),
                    disk.map { latency.p50Microseconds / $0.p50Microseconds }.formatted(decimals: 1),
                ])
            }
        }
        return "Latency of a request, seen by the generator\n" + table.render()
    }

    private static func standingText(_ standing: StandingOutcome) -> String {
        let small = Double(standing.smallMessages).formatted(decimals: 0)
        let large = Double(standing.largeMessages).formatted(decimals: 0)
        var costs = TextTable([
            "request", "CPU µs at \(small)", "CPU µs at \(large)", "ratio", "requests/s at \(small)", "at \(large)",
        ])
        for cost in standing.costs {
            costs.add([
                cost.action,
                cost.smallCPUMicroseconds.formatted(decimals: 1), cost.largeCPUMicroseconds.formatted(decimals: 1),
                cost.largeOverSmall.formatted(decimals: 2),
                cost.smallOperationsPerSecond.formatted(decimals: 0),
                cost.largeOperationsPerSecond.formatted(decimals: 0),
            ])
        }
        var text = "Cost with \(small) and with \(large) messages standing, \(standing.connections) connections\n"
        text += costs.render()
        if let memory = standing.memory, let times = standing.times {
            var table = TextTable(["with \(large) messages standing", "figure"])
            let fill = standing.fillMessagesPerSecond.formatted(decimals: 0)
            table.add(["put in by batches of ten", "\(fill) messages/s"])
            table.add(["stop (SIGTERM)", "\(times.stopSeconds.formatted(decimals: 3)) s"])
            table.add(["start after a stop", "\(times.startSeconds.formatted(decimals: 3)) s"])
            table.add(["start after a stop, files not cached", "\(times.startColdSeconds.formatted(decimals: 3)) s"])
            table.add(["start after kill -9", "\(times.startAfterKillSeconds.formatted(decimals: 3)) s"])
            table.add(["memory (RSS) after they were put in", megabytes(memory.filledBytes)])
            table.add(["memory (RSS) after a start", megabytes(memory.startedBytes)])
            table.add(["memory (RSS), most under load since", megabytes(memory.loadedBytesMax)])
            text += "\n" + table.render()
        }
        return text
    }

    private static func megabytes(_ bytes: Int) -> String {
        (Double(bytes) / 1e6).formatted(decimals: 1) + " MB"
    }
}
