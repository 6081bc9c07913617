// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What went through network interfaces since they exist.
package struct InterfaceCounters: Sendable, Equatable {
  /// In and out.
  package var packets: UInt64
  package var bytes: UInt64

  package init(packets: UInt64 = 0, bytes: UInt64 = 0) {
    self.packets = packets
    self.bytes = bytes
  }

  /// The sum over some interfaces, from the text of `/proc/net/dev` (proc_pid_net(5)). Lines that are not understood
  /// count nothing.
  package init(procNetDev text: String, interfaces: Set<String>) {
    self.init()
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, interfaces.contains(String(parts[0].drop { $0 == " " })) else { continue }
      // Received: bytes, packets and six more; then the same of what was sent.
      let numbers = parts[1].split(separator: " ").map { UInt64($0) ?? 0 }
      guard numbers.count >= 10 else { continue }
      self.bytes &+= numbers[0] &+ numbers[8]
      self.packets &+= numbers[1] &+ numbers[9]
    }
  }

  /// A second of what came since `earlier`; nothing if an interface began anew.
  package func rate(since earlier: Self, over duration: Duration) -> (packets: UInt32, kilobits: UInt32) {
    let nanoseconds = Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
    guard nanoseconds > 0, self.packets >= earlier.packets, self.bytes >= earlier.bytes else { return (0, 0) }
    func perSecond(_ count: Double) -> UInt32 { UInt32(min(count * 1e9 / nanoseconds, Double(UInt32.max))) }
    return (
      perSecond(Double(self.packets - earlier.packets)), perSecond(Double(self.bytes - earlier.bytes) * 8 / 1000)
    )
  }
}
