// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What a person needs to know of an error of the file system.
func plain(_ error: any Error) -> String {
  guard let error = error as? CocoaError else { return "\(error)" }
  switch error.code {
  case .fileReadNoSuchFile, .fileNoSuchFile: return "there is no such file"
  case .fileReadNoPermission, .fileWriteNoPermission: return "no permission"
  case .fileWriteVolumeReadOnly: return "read-only file system"
  case .fileWriteOutOfSpace: return "no space left"
  default: return "error \(error.code.rawValue)"
  }
}
