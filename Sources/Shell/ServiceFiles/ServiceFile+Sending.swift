// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
import ServiceModel

extension ServiceFile {
  /// Reads a file that another machine will use, where its key files are: all is checked but those.
  ///
  /// - Throws: as `load`.
  package static func loadToSend(path: String) throws(ServiceFileErrors) -> ServiceFile {
    var report = Report(file: path)
    let content: FileContent
    do {
      content = try FileContent(path: path, limit: SourceText.limit)
    } catch {
      report.add(unreadable: error)
      throw report.summary
    }
    guard let yaml = SourceText.decode(content.bytes, into: &report) else { throw report.summary }
    var count = 0
    return try self.parse(yaml: yaml, file: path, isExposed: content.isExposed) { _ throws(KeyFileProblem) in
      // Any key, and no two alike.
      count += 1
      let digits = Array(String(count, radix: 16).utf8)
      return [UInt8](repeating: UInt8(ascii: "0"), count: RegionKey.length * 2 - digits.count) + digits
    }
  }
}
