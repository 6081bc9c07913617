// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// All documents of a store as one text, to keep or to take to another store: JSON, documents in the order of their keys,
/// so that equal stores are equal texts.
package enum StoreExport {
  package static let format = "isthmus-store"
  package static let version = 1
  /// Bytes of a text that is read: a full store, each byte of it escaped.
  package static let limit = StoreLimits.totalBytes * 6 + (StoreLimits.documents << 10)

  private struct Envelope: Codable {
    var format: String
    var version: Int
    /// Of the store when it was written; for people.
    var revision: UInt64
    var documents: [Entry]
  }

  /// What tells whether the rest can be read.
  private struct Head: Decodable {
    var format: String
    var version: Int
  }

  private struct Entry: Codable {
    var key: String
    var value: String
  }

  package static func text(of snapshot: Snapshot) throws(StoreExportError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let documents = snapshot.documents.map { Entry(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    let envelope = Envelope(
      format: self.format, version: self.version, revision: snapshot.revision, documents: documents)
    do {
      return String(decoding: try encoder.encode(envelope), as: UTF8.self) + "\n"
    } catch {
      throw StoreExportError(place: "the export", problem: "cannot be written as JSON: \(error)")
    }
  }

  /// - Returns: the documents, each at the revision of the export.
  /// - Throws: where the first thing is that is wrong.
  package static func snapshot(from text: some Collection<UInt8>) throws(StoreExportError) -> Snapshot {
    guard text.count <= self.limit else {
      throw StoreExportError(place: "the export", problem: "has \(text.count) bytes: at most \(self.limit) are read")
    }
    let data = Data(text)
    let head = try self.decode(Head.self, from: data)
    guard head.format == self.format else {
      throw StoreExportError(place: "format", problem: "is '\(head.format.prefix(64))', not '\(self.format)'")
    }
    guard head.version == self.version else {
      throw StoreExportError(
        place: "version", problem: "is \(head.version): this Isthmus reads \(self.version) only; export again with it")
    }
    let envelope = try self.decode(Envelope.self, from: data)
    try self.check(envelope.documents)
    let documents = envelope.documents.map { Document(key: $0.key, value: $0.value, revision: envelope.revision) }
    return Snapshot(revision: envelope.revision, documents: documents.sorted { $0.key < $1.key })
  }

  private static func check(_ entries: [Entry]) throws(StoreExportError) {
    var places: [String: Int] = [:]
    var bytes = 0
    for (index, entry) in entries.enumerated() {
      guard DocumentKey.isValid(entry.key) else {
        throw StoreExportError(place: "documents[\(index)].key", problem: "\(StoreError.badKey(entry.key))")
      }
      if let other = places.updateValue(index, forKey: entry.key) {
        throw StoreExportError(
          place: "documents[\(index)].key", problem: "is '\(entry.key)', as documents[\(other)].key is")
      }
      let count = entry.value.utf8.count
      guard count <= StoreLimits.valueBytes else {
        throw StoreExportError(
          place: "documents[\(index)].value", problem: "\(StoreError.valueTooLarge(key: entry.key, bytes: count))")
      }
      bytes += count
    }
    if let problem = StoreLimits.problem(documents: entries.count, bytes: bytes) {
      throw StoreExportError(place: "documents", problem: "\(problem)")
    }
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws(StoreExportError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw StoreExportError(error)
    } catch {
      throw StoreExportError(place: "the export", problem: "is no JSON: \(error)")
    }
  }
}

/// What is wrong with the text of an export.
package struct StoreExportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// `documents[3].value`
  package let place: String
  package let problem: String

  package var description: String { "\(self.place): \(self.problem)" }

  init(place: String, problem: String) {
    self.place = place
    self.problem = problem
  }

  init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(place: path(context.codingPath + [key]), problem: "is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      self.init(place: path(context.codingPath), problem: "is not \(name(type))")
    case .dataCorrupted(let context):
      let reason = context.underlyingError.map { "\($0)" } ?? context.debugDescription
      self.init(place: path(context.codingPath), problem: "is no JSON that can be read: \(reason.prefix(300))")
    @unknown default:
      self.init(place: "the export", problem: "cannot be read")
    }
  }
}

private func path(_ keys: [any CodingKey]) -> String {
  var text = ""
  for key in keys {
    if let index = key.intValue { text += "[\(index)]" } else { text += (text.isEmpty ? "" : ".") + key.stringValue }
  }
  return text.isEmpty ? "the export" : text
}

private func name(_ type: any Any.Type) -> String {
  switch type {
  case is String.Type: "a text"
  case is Int.Type, is UInt64.Type: "a whole number"
  case is [Any].Type: "a list"
  default: "an object with the keys of an export"
  }
}
