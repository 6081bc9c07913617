// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

extension ServiceFile {
  /// Reads a file that another machine will use, where its key files are: all is checked but those.
  ///
  /// - Throws: as `load`.
  package static func loadToSend(path: String) throws(ServiceFileErrors) -> ServiceFile {
    let (yaml, isExposed) = try self.text(at: path)
    var count = 0
    return try self.parse(yaml: yaml, file: path, isExposed: isExposed) { _ throws(KeyFileProblem) in
      // Any key, and no two alike.
      count += 1
      let digits = Array(String(count, radix: 16).utf8)
      return [UInt8](repeating: UInt8(ascii: "0"), count: RegionKey.length * 2 - digits.count) + digits
    }
  }
}
