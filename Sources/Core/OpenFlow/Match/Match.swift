// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What packets a flow is for: a set of conditions, at most one a field (OpenFlow 1.3.5, 7.2.3).
///
/// The entries are sorted in the order in which a switch wants them, whatever the order in which they were given, and
/// conditions that every packet meets are left out. A condition on a wide register is one on each of the registers that
/// it is made of. So two matches that say the same are equal.
public struct Match: Sendable, Hashable {
  /// In ascending order of their fields, each field once.
  public private(set) var entries: [MatchEntry]

  /// Matches every packet.
  public static let any = Match()

  /// Of several entries for one field the last one counts.
  public init(_ entries: [MatchEntry] = []) {
    self.entries = []
    self.entries.reserveCapacity(entries.count)
    for entry in entries { self.insert(entry) }
  }

  mutating func reserveCapacity(_ count: Int) { self.entries.reserveCapacity(count) }

  /// Adds a condition, or replaces the one that its field has; one with an empty mask removes it.
  public mutating func insert(_ entry: MatchEntry) {
    if let registers = entry.field.registers {
      for part in entry.parts(registers) { self.insertAsIs(part) }
    } else {
      self.insertAsIs(entry)
    }
  }

  private mutating func insertAsIs(_ entry: MatchEntry) {
    var index = self.entries.endIndex
    while index > 0, entry.field < self.entries[index - 1].field { index -= 1 }
    if index > 0, self.entries[index - 1].field.isSameType(as: entry.field) {
      if entry.matchesEverything {
        self.entries.remove(at: index - 1)
      } else {
        self.entries[index - 1] = entry
      }
    } else if !entry.matchesEverything {
      // Most come in their order already.
      if index == self.entries.endIndex { self.entries.append(entry) } else { self.entries.insert(entry, at: index) }
    }
  }

  /// Removes the condition on `field`, and returns it; nil if there was none.
  @discardableResult
  public mutating func remove(_ field: MatchField) -> MatchEntry? {
    guard let index = self.entries.firstIndex(where: { $0.field == field }) else { return nil }
    return self.entries.remove(at: index)
  }

  /// The condition on `field`; nil if there is none.
  public subscript(field: MatchField) -> MatchEntry? {
    self.entries.first { $0.field == field }
  }
}

extension MatchEntry {
  /// A condition on a wide register as conditions on those that it is made of, the highest first.
  func parts(_ registers: (first: UInt8, count: UInt8)) -> [MatchEntry] {
    let mask = self.mask ?? self.field.fullMask
    return (0..<registers.count).map { index in
      let shift = UInt128(32 * (registers.count - 1 - index))
      return MatchEntry(.register(registers.first + index), self.value >> shift, mask: mask >> shift)
    }
  }
}

extension Match: ExpressibleByArrayLiteral {
  /// Of several entries for one field the last one counts.
  public init(arrayLiteral entries: MatchEntry...) { self.init(entries) }
}
