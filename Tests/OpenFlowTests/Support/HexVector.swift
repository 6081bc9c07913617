// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow

/// One message as a text file: comment lines `# key: value`, then hexadecimal bytes with any white space.
struct HexVector {
  var name: String
  /// The version that its file's name says: `of13-…`, `ovs15-…`.
  var version: ProtocolVersion
  /// What `ovs-ofctl ofp-print` says of the message, line by line.
  var says: [String]
  /// Who made the bytes.
  var from: String
  var bytes: [UInt8]

  static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Vectors")

  static func url(_ fileName: String) -> URL { directory.appendingPathComponent(fileName + ".hex") }

  /// The names of the files of OpenFlow messages, without `.hex`, sorted.
  static func fileNames(prefix: String? = nil) throws -> [String] {
    let prefixes = prefix.map { [$0] } ?? ["of", "ovs"]
    return try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { file in
        file.hasSuffix(".hex") && prefixes.contains { file.hasPrefix($0 + "13-") || file.hasPrefix($0 + "15-") }
      }
      .map { String($0.dropLast(4)) }.sorted()
  }

  init(name: String, version: ProtocolVersion, says: [String], from: String, bytes: [UInt8]) {
    self.name = name
    self.version = version
    self.says = says
    self.from = from
    self.bytes = bytes
  }

  init(fileName: String) throws {
    let version: ProtocolVersion = fileName.prefix { $0 != "-" }.hasSuffix("13") ? .v1_3 : .v1_5
    self.init(name: fileName, version: version, says: [], from: "", bytes: [])
    for line in try String(contentsOf: Self.url(fileName), encoding: .utf8).split(separator: "\n") {
      if let text = line.removing(prefix: "# name: ") {
        self.name = text
      } else if let text = line.removing(prefix: "# says: ") {
        self.says.append(text)
      } else if let text = line.removing(prefix: "# from: ") {
        self.from = text
      } else if !line.hasPrefix("#") {
        self.bytes += try line.split(separator: " ").map { digits in
          guard digits.utf8.count == 2, let byte = UInt8(digits, radix: 16) else {
            throw VectorError(file: fileName, text: String(digits))
          }
          return byte
        }
      }
    }
  }

  func write(fileName: String) throws {
    var text = "# name: \(self.name)\n"
    for line in self.says { text += "# says: \(line)\n" }
    text += "# from: \(self.from)\n"
    for start in stride(from: 0, to: self.bytes.count, by: 16) {
      let row = self.bytes[start..<min(start + 16, self.bytes.count)]
      text += row.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ") + "\n"
    }
    try text.write(to: Self.url(fileName), atomically: true, encoding: .utf8)
  }
}

struct VectorError: Error {
  var file: String
  var text: String
}

extension Substring {
  fileprivate func removing(prefix: String) -> String? {
    self.hasPrefix(prefix) ? String(self.dropFirst(prefix.count)) : nil
  }
}
