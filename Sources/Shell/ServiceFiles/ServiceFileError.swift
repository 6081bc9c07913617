// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files

/// One thing that is wrong with a service file: where, which value, what is accepted, what to do.
package struct ServiceFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file's path as it was given.
  package var file: String
  package var location: Location
  package var code: ErrorCode
  /// What is wrong, with the value. Never shows a key.
  package var message: String
  /// What is accepted, or what to do.
  package var hint: String

  package var line: Int { self.location.line }
  package var column: Int { self.location.column }

  package init(file: String, location: Location, code: ErrorCode, message: String, hint: String) {
    self.file = file
    self.location = location
    self.code = code
    self.message = message
    self.hint = hint
  }

  package var description: String {
    "error[\(self.code.rawValue)]: \(self.file):\(self.line):\(self.column): \(self.message)\n  \(self.hint)"
  }
}

/// Everything that is wrong with a service file, in the order of its lines.
package struct ServiceFileErrors: Error, Sendable, Equatable, CustomStringConvertible {
  /// As many as a person reads.
  package static let limit = 20

  /// 1…`limit`
  package let errors: [ServiceFileError]
  /// How many there are beyond those.
  package let omitted: Int

  package init(errors: [ServiceFileError], omitted: Int = 0) {
    self.errors = errors
    self.omitted = omitted
  }

  package var description: String {
    var lines = self.errors.map(\.description)
    if self.omitted > 0 { lines.append("and \(self.omitted) more") }
    return lines.joined(separator: "\n")
  }
}

/// Collects what is wrong while a file is read.
struct Report {
  /// A file of a million bytes can be wrong in as many places.
  private static let capacity = 1_000

  let file: String
  private var errors: [ServiceFileError] = []
  private var dropped = 0

  init(file: String) {
    self.file = file
  }

  var count: Int { self.errors.count + self.dropped }
  var isEmpty: Bool { self.errors.isEmpty }

  /// Makes the texts only if they are kept: what a hint suggests can take long to find.
  mutating func add(
    _ code: ErrorCode, at location: Location, _ message: @autoclosure () -> String, hint: @autoclosure () -> String
  ) {
    guard self.errors.count < Self.capacity else { return self.dropped += 1 }
    self.errors.append(
      ServiceFileError(file: self.file, location: location, code: code, message: message(), hint: hint()))
  }

  /// The file itself.
  mutating func add(unreadable problem: FileContent.Problem) {
    self.add(
      problem.isTooLarge ? .fileTooLarge : .fileUnreadable, at: .start, "the file cannot be read: \(problem)",
      hint: problem.isTooLarge ? "accepted: at most \(SourceText.limit) bytes" : "check the path and its permissions")
  }

  /// The first ones in the order of the file; of two in one place, the one found first.
  var summary: ServiceFileErrors {
    let order = self.errors.indices.sorted { (self.errors[$0].location, $0) < (self.errors[$1].location, $1) }
    return ServiceFileErrors(
      errors: order.prefix(ServiceFileErrors.limit).map { self.errors[$0] },
      omitted: max(0, self.errors.count - ServiceFileErrors.limit) + self.dropped)
  }
}
