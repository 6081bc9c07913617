// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import AgentPlane
import CLinux
import Subprocess
import SystemPackage

/// Why the kernel's rules are not as they should be.
package enum NATError: Error, Sendable, Equatable, CustomStringConvertible {
  case nftNotFound
  case nftFailed(String)
  case nftTimedOut(after: Duration)
  /// The kernel does not pass packets on.
  case forwardingOff(IPAddress.Family, reason: String)

  package var description: String {
    switch self {
    case .nftNotFound: "the program nft was not found; install the package nftables"
    case .nftFailed(let message): "nft: \(message)"
    case .nftTimedOut(let limit): "nft did not finish within \(limit)"
    case .forwardingOff(let family, let reason):
      "\(family.forwardingSetting) is not 1 and cannot be set (\(reason)); run: sysctl -w \(family.forwardingSetting)=1"
    }
  }
}

/// Owns the nftables tables `isthmus` of this machine, one for each family, and touches no other.
package struct NFTables: Sendable {
  /// Longer output of nft is an error; terse listings of a thousand pools have 200 kB.
  private static let outputLimit = 16 << 20

  package let command: [String]
  private let forwarding: Forwarding
  private let timeLimit: Duration

  /// - Parameters:
  ///   - command: what is run as `nft`: a program, found by `PATH`, and its first arguments.
  ///   - forwarding: the switch that must be on for the rules to be of use.
  ///   - timeLimit: after which `nft` is ended and has failed.
  package init(
    command: [String] = ["nft"], forwarding: Forwarding = Forwarding(), timeLimit: Duration = .seconds(10)
  ) {
    self.command = command
    self.forwarding = forwarding
    self.timeLimit = timeLimit
  }

  /// Puts the plan's rules in place unless they are there already. True if they were not.
  @concurrent
  package func ensure(_ plan: NATPlan) async throws(NATError) -> Bool {
    try self.forwarding.enable(.v4)
    // Without it IPv4 is served all the same, but not in silence.
    let incomplete = plan.families.contains(.v6) ? self.forwarding.failure(toEnable: .v6) : nil
    let installed = try await self.installedFamilies()
    let isChanged = try await self.digest(of: installed) != plan.digest
    if isChanged { _ = try await self.nft(["-f", "-"], input: plan.ruleset(replacing: Set(installed))) }
    if let incomplete { throw incomplete }
    return isChanged
  }

  /// The digest of the rules that are in place; nil if there are none of ours.
  @concurrent
  package func installedDigest() async throws(NATError) -> UInt64? {
    try await self.digest(of: try await self.installedFamilies())
  }

  /// The families of which there are tables of ours. Listing a table that is not there is an error, so its absence is
  /// seen in the list of all.
  private func installedFamilies() async throws(NATError) -> [IPAddress.Family] {
    let tables = try await self.nft(["list", "tables"], input: "").split(separator: "\n")
    return IPAddress.Family.allCases.filter { tables.contains("table \($0.nftables) \(NATPlan.table)") }
  }

  private func digest(of families: [IPAddress.Family]) async throws(NATError) -> UInt64? {
    var digests: [UInt64] = []
    for family in families {
      let listing = try await self.nft(["-t", "list", "table", family.nftables, NATPlan.table], input: "")
      guard let digest = NATPlan.digest(inListing: listing) else { return nil }
      digests.append(digest)
    }
    return digests.isEmpty ? nil : NATPlan.digest(of: digests)
  }

  /// Removes the tables. Redirected traffic is no longer sent on; nothing else changes.
  @concurrent
  package func remove() async throws(NATError) {
    let installed = try await self.installedFamilies()
    _ = try await self.nft(["-f", "-"], input: NATPlan.removal(of: Set(installed)))
  }

  private func nft(_ arguments: [String], input: String) async throws(NATError) -> String {
    let outcome: Result<String, NATError>
    do {
      outcome = try await withThrowingTaskGroup(of: Result<String, NATError>.self) { group in
        group.addTask {
          let result = try await run(
            .name(self.command.first ?? "nft"), arguments: Arguments(self.command.dropFirst() + arguments),
            input: .fileDescriptor(try Self.file(holding: input), closeAfterSpawningProcess: true),
            output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
          guard result.terminationStatus.isSuccess else {
            let message = Self.firstLines(of: result.standardError)
            return .failure(.nftFailed(message.isEmpty ? "\(result.terminationStatus)" : message))
          }
          return .success(result.standardOutput)
        }
        group.addTask {
          try await Task.sleep(for: self.timeLimit)
          return .failure(.nftTimedOut(after: self.timeLimit))
        }
        // The other task is cancelled, which ends nft.
        defer { group.cancelAll() }
        return try await group.next() ?? .failure(.nftFailed("did not run"))
      }
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw .nftNotFound
    } catch let error as NATError {
      throw error
    } catch {
      throw .nftFailed("\(error)")
    }
    return try outcome.get()
  }

  /// The input as a file in memory: nft may end before it has read all of a pipe.
  private static func file(holding input: String) throws(NATError) -> FileDescriptor {
    var input = input
    let descriptor = input.withUTF8 { clinux_memory_file($0.baseAddress, $0.count) }
    guard descriptor >= 0 else { throw .nftFailed("no memory for its input") }
    return FileDescriptor(rawValue: descriptor)
  }

  /// Enough of what nft says to find the mistake; it repeats the whole line, which may be long.
  private static func firstLines(of message: String) -> String {
    String(message.prefix(400)).split(separator: "\n").joined(separator: "; ")
  }
}
