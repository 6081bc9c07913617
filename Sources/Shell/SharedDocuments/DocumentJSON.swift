// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Storage

func json(_ value: some Encodable) throws(StoreError) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do {
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  } catch {
    throw .damaged(place: "this controller", reason: "\(error)")
  }
}

func read<Value: Decodable>(_ type: Value.Type, from document: Document, place: String) throws(StoreError) -> Value {
  do {
    return try JSONDecoder().decode(type, from: Data(document.value.utf8))
  } catch {
    throw .damaged(place: place, reason: "the document '\(document.key)' cannot be read")
  }
}
