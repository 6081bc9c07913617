// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import EntryText
import OpenFlowText
import ServiceModel
package import StaticEntries
package import Storage

/// How static entries are kept: in 256 documents `entries/00` to `entries/ff`, an entry in that which the hash of its name
/// names. So a change writes a few kilobytes, however many entries there are, ten thousand at once are three commits of
/// etcd and not a hundred, and all of them are few enough documents for every snapshot.
package enum EntryDocuments {
  package static let prefix = "entries/"
  package static let count = 256
  package static let format = 1

  package static func index(of name: String) -> Int { Int(fnv1a(name) % UInt32(Self.count)) }

  package static func key(_ index: Int) -> String {
    let digits = String(index, radix: 16)
    return self.prefix + (digits.count == 1 ? "0" : "") + digits
  }

  /// The place of a document of entries; nil: it is another one.
  package static func index(ofKey key: String) -> Int? {
    guard key.hasPrefix(self.prefix), let index = Int(key.dropFirst(self.prefix.count), radix: 16),
      (0..<self.count).contains(index), self.key(index) == key
    else { return nil }
    return index
  }

  /// - Parameter entries: by name, each as `EntryWriter` writes it.
  package static func value(_ entries: [String: String]) -> String {
    var text = #"{"format":\#(self.format),"entries":["#
    for (index, entry) in entries.sorted(by: { $0.key < $1.key }).enumerated() {
      text += index > 0 ? ",\n" : "\n"
      text += entry.value
    }
    return text + "\n]}\n"
  }

  /// - Throws: `StoreError.damaged` for what no Isthmus writes, `.newerFormat` for what a newer one does.
  package static func read(_ document: Document, place: String) throws(StoreError) -> [StaticEntry] {
    let value: JSONValue
    do throws(JSONScanner.Problem) {
      value = try JSONScanner.scan(document.value)
    } catch {
      throw .damaged(place: place, reason: "the document '\(document.key)': \(error)")
    }
    guard case .number(let format)? = value["format"], case .array(let values)? = value["entries"] else {
      throw .damaged(place: place, reason: "the document '\(document.key)' holds no entries")
    }
    guard format == "\(self.format)" else {
      throw .newerFormat(place: place, found: Int(format) ?? 0, known: self.format)
    }
    var entries: [StaticEntry] = []
    let reader = EntryReader()
    for (index, value) in values.enumerated() {
      do throws(EntryReader.Problem) {
        entries.append(try reader.entry(value, at: "entries[\(index)]"))
      } catch {
        throw .damaged(place: place, reason: "the document '\(document.key)': \(error)")
      }
    }
    return entries
  }
}
