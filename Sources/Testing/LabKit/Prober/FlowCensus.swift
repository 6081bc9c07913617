// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import CLinux
import Glibc
import ServiceModel
package import SystemPackage

/// Asks over UDP from many ports, once each, which region answers: where each flow goes now.
///
/// The same ports are the same flows, whenever they are asked again. It runs in a process of its own, in the client's
/// namespace.
package struct FlowCensus: Sendable {
  package var target: SocketEndpoint
  package var ports: Range<UInt16>
  /// The client's addresses; each asks from all of the ports.
  package var sources: [IPv4Address]

  package init(target: SocketEndpoint, ports: Range<UInt16>, sources: [IPv4Address]) {
    self.target = target
    self.ports = ports
    self.sources = sources
  }

  /// What a switch in userspace takes without losing any.
  private static let batch = 128
  private static let attempts = 10
  private static let patience = Duration.milliseconds(250)

  /// Writes a line for each flow: the address, the port, and the region that answered, 0 if none did.
  ///
  /// - Throws: `Errno` if the machine lacks descriptors, addresses or ports.
  package func run(output: FileDescriptor) throws {
    clinux_raise_descriptor_limit()
    for source in self.sources {
      var first = self.ports.lowerBound
      while first < self.ports.upperBound {
        let last = UInt16(min(Int(first) + Self.batch, Int(self.ports.upperBound)))
        let regions = try self.ask(from: source, first..<last)
        let lines = zip(first..<last, regions).map { "\(source) \($0) \($1)\n" }
        try output.writeAll(lines.joined().utf8)
        first = last
      }
    }
  }

  private func ask(from source: IPv4Address, _ ports: Range<UInt16>) throws -> [Int] {
    var polled: [pollfd] = []
    defer { for socket in polled { close(abs(socket.fd)) } }
    for port in ports { polled.append(pollfd(fd: try self.open(source, port), events: Int16(POLLIN), revents: 0)) }
    var regions = Array(repeating: 0, count: polled.count)
    for _ in 0..<Self.attempts {
      for socket in polled where socket.fd > 0 { send(socket.fd, "?", 1, 0) }
      let deadline = MonotonicClock.now() + Self.patience
      while regions.contains(0) {
        let left = deadline - MonotonicClock.now()
        guard left > .zero, clinux_poll(&polled, nfds_t(polled.count), left.nanoseconds) > 0 else { break }
        for index in polled.indices where polled[index].revents != 0 {
          guard let region = Self.answer(polled[index].fd) else { continue }
          regions[index] = region
          // poll(2) passes over it.
          polled[index].fd = -polled[index].fd
          polled[index].revents = 0
        }
      }
      if !regions.contains(0) { break }
    }
    return regions
  }

  private func open(_ source: IPv4Address, _ port: UInt16) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    guard SocketEndpoint(source, port).withSocketAddress({ bind(descriptor, $0, $1) }) == 0,
      self.target.withSocketAddress({ connect(descriptor, $0, $1) }) == 0
    else {
      let error = Errno(rawValue: errno)
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Of `region r2 client 172.20.126.50`; nil if there is none, or an error that the network returned.
  private static func answer(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    guard text.hasPrefix("region r") else { return nil }
    return Int(text.dropFirst("region r".count).prefix { $0.isNumber })
  }
}

extension Lab {
  /// Asks who answers each flow from the lab's client.
  ///
  /// - Returns: the region of each, in the order of addresses and ports; nil: nobody answered in 2.5 s.
  /// - Throws: `LabError`.
  package nonisolated func census(_ flows: FlowCensus) async throws -> [Int?] {
    guard let isthmus = self.executables.isthmus else {
      throw LabError.missing([LabRequirement(name: "isthmus", remedy: "swift build --product isthmus")])
    }
    let words =
      [
        isthmus, "lab", "census", "--target", "\(flows.target)", "--first-port", "\(flows.ports.lowerBound)",
        "--count", "\(flows.ports.count)",
      ] + flows.sources.flatMap { ["--source", "\($0)"] }
    let output = try await self.exec(in: .client, words, timeout: .seconds(300)).requireSuccess()
    return output.split(separator: "\n").map { line in
      line.split(separator: " ").last.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
  }
}
