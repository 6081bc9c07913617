// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SystemPackage

/// From a file, or the standard input, through a converter to the standard output, piece by piece: what a piece gives is
/// written before the next one is read, so that a pipe that goes on for hours shows what it has when it has it.
enum OpenFlowPipe {
  private static let pieceLength = 1 << 16

  /// - Parameters:
  ///   - file: `-` is the standard input.
  ///   - convert: adds to its second argument what the first one gives; nil stands for the end of the input. What it
  ///     throws ends the command, after what it has given has been written.
  static func run<Failure: Error>(
    file: String, _ convert: (ArraySlice<UInt8>?, inout [UInt8]) throws(Failure) -> Void
  ) throws {
    let name = file == "-" ? "standard input" : file
    let input = try self.open(file)
    defer { if file != "-" { try? input.close() } }
    var buffer = [UInt8](repeating: 0, count: self.pieceLength)
    var isAtEnd = false
    while !isAtEnd {
      let count: Int
      do {
        count = try buffer.withUnsafeMutableBytes { try input.read(into: $0) }
      } catch {
        throw self.failure("unreadable", "\(name) cannot be read: \(error)")
      }
      isAtEnd = count == 0
      var output: [UInt8] = []
      var problem: Failure?
      do throws(Failure) {
        try convert(isAtEnd ? nil : buffer[..<count], &output)
      } catch {
        problem = error
      }
      try self.write(output)
      if let problem { throw self.failure("bad-input", "\(name): \(problem)") }
    }
  }

  private static func open(_ file: String) throws -> FileDescriptor {
    if file == "-" { return .standardInput }
    do {
      return try FileDescriptor.open(FilePath(file), .readOnly)
    } catch {
      throw self.failure("unreadable", "\(file) cannot be opened: \(error)")
    }
  }

  private static func write(_ output: [UInt8]) throws {
    do {
      _ = try FileDescriptor.standardOutput.writeAll(output)
    } catch {
      // Who reads has gone, as 'head' does: nothing to complain about.
      guard case Errno.brokenPipe = error else {
        throw self.failure("unwritable", "the standard output cannot be written: \(error)")
      }
      throw ExitCode.success
    }
  }

  /// Tells what is wrong; the exit status of it.
  private static func failure(_ code: String, _ message: String) -> ExitCode {
    note(CommandFailure(code: code, message: message, hint: nil, status: .failed).text)
    return ExitCode(CommandFailure.Status.failed.rawValue)
  }
}
