// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import EntryText
import OpenFlowText
package import StaticEntries
package import Storage

/// One document of static entries: what was deleted and what was put at one time, or what remained of many times.
///
/// Documents `entries/0000000001`, `entries/0000000002` and so on, one after the other, say what there is.
package struct EntryDocument: Sendable {
  package static let prefix = "entries/"
  package static let format = 1
  private static let digits = 10

  package var deletes: [String]
  package var puts: [StaticEntry]

  package static func key(_ number: Int) -> String {
    let digits = String(number)
    return self.prefix + String(repeating: "0", count: max(0, self.digits - digits.utf8.count)) + digits
  }

  /// Nil: it is another document.
  package static func number(ofKey key: String) -> Int? {
    // Ten digits: the next number is one too, whatever somebody put there.
    guard key.hasPrefix(self.prefix), key.utf8.count == self.prefix.utf8.count + self.digits,
      let number = Int(key.dropFirst(self.prefix.count)), number > 0, self.key(number) == key
    else { return nil }
    return number
  }

  /// - Parameter puts: as `EntryWriter` writes them.
  static func text(deletes: [String], puts: [String]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 + puts.reduce(0) { $0 + $1.utf8.count + 2 })
    bytes += #"{"format":\#(self.format)"#.utf8
    if !deletes.isEmpty {
      bytes += #","deletes":"#.utf8
      JSONValue.array(deletes.map { .string($0) }).write(to: &bytes)
    }
    bytes += #","entries":["#.utf8
    for (index, put) in puts.enumerated() {
      bytes += (index > 0 ? ",\n" : "\n").utf8
      bytes += put.utf8
    }
    bytes += "\n]}\n".utf8
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Throws: `StoreError.damaged` for what no Isthmus writes, `.newerFormat` for what a newer one does.
  package init(_ document: Document, place: String) throws(StoreError) {
    func damaged(_ reason: String) -> StoreError {
      .damaged(place: place, reason: "the document '\(document.key)' \(reason)")
    }
    let value: JSONValue
    do throws(JSONScanner.Problem) {
      value = try JSONScanner.scan(document.value)
    } catch {
      throw damaged("is no JSON: \(error)")
    }
    guard case .number(let format)? = value["format"], case .array(let entries)? = value["entries"] else {
      throw damaged("holds no entries")
    }
    guard format == "\(Self.format)" else {
      throw .newerFormat(place: place, found: Int(format) ?? 0, known: Self.format)
    }
    self.deletes = []
    if let deletes = value["deletes"] {
      guard case .array(let names) = deletes else { throw damaged("has no list of what is deleted") }
      for name in names {
        guard case .string(let name) = name else { throw damaged("deletes what has no name") }
        self.deletes.append(name)
      }
    }
    self.puts = []
    let reader = EntryReader()
    for (index, entry) in entries.enumerated() {
      do throws(EntryReader.Problem) {
        self.puts.append(try reader.entry(entry, at: "entries[\(index)]"))
      } catch {
        throw damaged("is wrong: \(error)")
      }
    }
  }
}
