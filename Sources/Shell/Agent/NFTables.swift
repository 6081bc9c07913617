// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

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
  case forwardingOff(reason: String)

  package var description: String {
    switch self {
    case .nftNotFound: "the program nft was not found; install the package nftables"
    case .nftFailed(let message): "nft: \(message)"
    case .nftTimedOut(let limit): "nft did not finish within \(limit)"
    case .forwardingOff(let reason):
      "net.ipv4.ip_forward is not 1 and cannot be set (\(reason)); run: sysctl -w net.ipv4.ip_forward=1"
    }
  }
}

/// Owns one nftables table of this machine, and touches no other.
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
    try self.forwarding.enable()
    if try await self.installedDigest() == plan.digest { return false }
    _ = try await self.nft(["-f", "-"], input: plan.ruleset)
    return true
  }

  /// The digest of the rules that are in place; nil if there are none of ours.
  @concurrent
  package func installedDigest() async throws(NATError) -> UInt64? {
    // Listing a table that is not there is an error, so its absence is seen in the list of all.
    let tables = try await self.nft(["list", "tables", "ip"], input: "")
    guard tables.split(separator: "\n").contains("table ip \(NATPlan.table)") else { return nil }
    return NATPlan.digest(inListing: try await self.nft(["-t", "list", "table", "ip", NATPlan.table], input: ""))
  }

  /// Removes the table. Redirected traffic is no longer sent on; nothing else changes.
  @concurrent
  package func remove() async throws(NATError) {
    _ = try await self.nft(["-f", "-"], input: NATPlan.removal)
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
