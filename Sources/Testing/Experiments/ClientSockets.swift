// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit

/// What the client's kernel knows of its TCP connections, whatever the programs say that have them.
package enum ClientSockets {
  /// Established connections to the virtual IP.
  ///
  /// - Returns: by the client's address and port, how many milliseconds ago a byte came.
  static func established(in lab: Lab) async throws -> [String: Int] {
    let words = ["ss", "-Htin", "state", "established", "dst", "\(LabLayout.virtualIP)"]
    return self.parse(try await lab.exec(in: .client, words).requireSuccess())
  }

  /// Two lines each: `0 0 172.20.126.130:49190 172.20.126.100:80`, and, indented, `bbr … lastsnd:252 lastrcv:252 …`. ss
  /// leaves out a `lastrcv` of 0.
  package static func parse(_ text: String) -> [String: Int] {
    var ages: [String: Int] = [:]
    var socket: String?
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      if line.first?.isWhitespace == true, let socket {
        ages[socket] = words.first { $0.hasPrefix("lastrcv:") }.flatMap { Int($0.dropFirst(8)) } ?? 0
      } else if words.count >= 4 {
        socket = String(words[2])
        ages[String(words[2])] = 0
      }
    }
    return ages
  }

  /// Established connections that ended at once, by a reset of either side or a last timeout (snmp, `EstabResets`), since
  /// the lab was built.
  static func resets(in lab: Lab) async throws -> Int {
    self.resets(try await lab.exec(in: .client, ["cat", "/proc/net/snmp"]).requireSuccess())
  }

  package static func resets(_ text: String) -> Int { self.tcpCounter("EstabResets", text) }

  /// One of `/proc/net/snmp`, in which two lines begin with `Tcp:`: the names, then their numbers. 0 if there is none.
  package static func tcpCounter(_ name: String, _ text: String) -> Int {
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map { $0.split(separator: " ") }
    guard lines.count == 2, let place = lines[0].firstIndex(of: name[...]), place < lines[1].count else { return 0 }
    return Int(lines[1][place]) ?? 0
  }
}
