// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// Which text of its own file a controller has dealt with last: the document `files/CONTROLLER`. So a file that has not
/// changed since takes nothing back that came later by another way.
package struct FileRecord: Codable, Sendable, Equatable {
  /// As `ConfigurationRecord.digest`.
  package var digest: String
  /// The path.
  package var file: String
  package var controller: String

  package init(digest: String, file: String, controller: String) {
    self.digest = digest
    self.file = file
    self.controller = controller
  }

  /// A controller may be called whatever its operator likes, a key may not.
  package static func key(of controller: String) -> String {
    let isPlain =
      (1...64).contains(controller.utf8.count)
      && controller.utf8.allSatisfy {
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || [0x2d, 0x2e, 0x5f].contains($0)
      }
    guard !isPlain else { return "files/" + controller }
    let digest = SHA256.hash(data: Data(controller.utf8)).prefix(16)
    return "files/_" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// What is to become of a controller's own file, beside the configuration that is in the store.
package enum FileVerdict: Sendable, Equatable {
  /// It is new: it takes the place of what is there.
  case apply
  /// It says what is there already.
  case same
  /// It is as it was when it was dealt with last, and the configuration has changed since.
  case unchanged
  /// It says what was configured once, and came to this controller late.
  case older
  /// This controller has not dealt with a file before, and there is a configuration.
  case foreign

  /// - Parameters:
  ///   - digest: of the file.
  ///   - known: the file that this controller dealt with last; nil: none.
  ///   - current: the configuration; nil: there is none.
  package init(of digest: String, known: FileRecord?, current: ConfigurationRecord?) {
    guard let current else {
      self = .apply
      return
    }
    if digest == current.digest {
      self = .same
    } else if known == nil {
      self = .foreign
    } else if digest == known?.digest {
      self = .unchanged
    } else if current.earlier.contains(digest), current.digest != known?.digest {
      // If what is there came by this controller's file, the operator has put the file back.
      self = .older
    } else {
      self = .apply
    }
  }
}
