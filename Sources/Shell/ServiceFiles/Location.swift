// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A place in a text, as editors count.
package struct Location: Sendable, Hashable, Comparable {
  /// From 1.
  package var line: Int
  /// From 1, in Unicode scalars.
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static let start = Location(line: 1, column: 1)

  package static func < (a: Location, b: Location) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A value and where it was written.
struct Located<Value> {
  var value: Value
  var location: Location

  init(_ value: Value, at location: Location) {
    self.value = value
    self.location = location
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
