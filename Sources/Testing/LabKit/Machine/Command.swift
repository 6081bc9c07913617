// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import CLinux
import Subprocess
import SystemPackage

/// A command line, and how it is run: the only place where LabKit starts processes.
///
/// It uses swift-subprocess, not Foundation's `Process`: it is async from end to end, it tells a child's number before
/// the child ends, a child inherits nothing but its three standard descriptors (so no daemon can keep the reaper's pipe
/// open), and it does not need Foundation.
package struct Command: Sendable, CustomStringConvertible {
  /// The executable's name or path, then its arguments.
  package var words: [String]
  package var environment: [String: String] = [:]

  package init(_ words: [String], environment: [String: String] = [:]) {
    self.words = words
    self.environment = environment
  }

  package var description: String { self.words.joined(separator: " ") }

  /// Output beyond this is an error.
  private static let outputLimit = 16 * 1024 * 1024

  /// Runs the command to its end and collects what it writes.
  ///
  /// - Parameter timeout: after it the process is killed and `LabError.timedOut` thrown.
  package func run(input: String = "", timeout: Duration = .seconds(20)) async throws -> CommandOutput {
    let configuration = try self.configuration()
    return try await withThrowingTaskGroup(of: CommandOutput?.self) { group in
      group.addTask {
        do {
          let result = try await Subprocess.run(
            configuration, input: .fileDescriptor(try Self.file(holding: input), closeAfterSpawningProcess: true),
            output: .string(limit: Self.outputLimit),
            error: .string(limit: Self.outputLimit))
          return CommandOutput(
            command: self.description, status: ExitStatus(result.terminationStatus),
            output: result.standardOutput, error: result.standardError)
        } catch let error as SubprocessError {
          throw LabError.cannotRun(command: self.description, reason: "\(error)")
        }
      }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let output = first else {
        throw LabError.timedOut(waitingFor: "end of '\(self)'", after: timeout, detail: "")
      }
      return output
    }
  }

  /// The input as a file in memory: a command may end before it has read all of a pipe.
  private static func file(holding input: String) throws(LabError) -> FileDescriptor {
    var input = input
    let descriptor = input.withUTF8 { clinux_memory_file($0.baseAddress, $0.count) }
    guard descriptor >= 0 else { throw .cannotRun(command: "a command", reason: "no memory for its input") }
    return FileDescriptor(rawValue: descriptor)
  }

  /// Runs the command and throws unless it succeeds.
  ///
  /// - Returns: what it wrote to its standard output.
  @discardableResult
  package func runSuccessfully(input: String = "", timeout: Duration = .seconds(20)) async throws -> String {
    try await self.run(input: input, timeout: timeout).requireSuccess()
  }

  /// Starts the command in a session of its own, so that a Ctrl-C on the owner's terminal does not reach it.
  ///
  /// - Parameters:
  ///   - log: a file to which its output is appended.
  ///   - holdsInput: its standard input is a pipe that stays open until `ChildProcess.closeInput()`, or until this
  ///     process ends, however it ends; else it is empty.
  package func start(log: String, holdsInput: Bool = false) async throws -> ChildProcess {
    var configuration = try self.configuration()
    configuration.platformOptions.createSession = true
    let log = try TextFile.openForAppending(log)
    let (started, startedSource) = AsyncStream<Int32>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let (inputClosed, inputCloser) = AsyncStream<Never>.makeStream()
    let ended = Task { [configuration] () throws -> ExitStatus in
      defer { startedSource.finish() }
      let output = FileDescriptorOutput.fileDescriptor(log, closeAfterSpawningProcess: true)
      if holdsInput {
        let result = try await Subprocess.run(
          configuration, input: .inputWriter, output: output, error: .combinedWithOutput
        ) { execution in
          startedSource.yield(execution.processIdentifier.value)
          for await _ in inputClosed {}
          try await execution.standardInputWriter.finish()
        }
        return ExitStatus(result.terminationStatus)
      }
      let result = try await Subprocess.run(
        configuration, input: .none, output: output, error: .combinedWithOutput
      ) { execution in
        startedSource.yield(execution.processIdentifier.value)
      }
      return ExitStatus(result.terminationStatus)
    }
    guard let pid = await started.first(where: { _ in true }) else {
      throw LabError.cannotRun(command: self.description, reason: "\(await ended.result)")
    }
    return ChildProcess(pid: pid, inputCloser: inputCloser, ended: ended)
  }

  private func configuration() throws(LabError) -> Configuration {
    let name = self.words.first ?? ""
    guard let path = name.contains("/") ? name : ExecutablePath.ofTool(name) else {
      throw .cannotRun(command: self.description, reason: "there is no '\(name)' in \(ExecutablePath.search)")
    }
    var changes: [Environment.Key: String?] = ["PATH": ExecutablePath.search]
    for (key, value) in self.environment {
      if let key = Environment.Key(rawValue: key) { changes[key] = value }
    }
    return Configuration(
      executable: .path(FilePath(path)), arguments: Arguments(Array(self.words.dropFirst())),
      environment: .inherit.updating(changes))
  }
}

extension ExitStatus {
  fileprivate init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .signaled(let signal): self = .signaled(signal)
    }
  }
}
