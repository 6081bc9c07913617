// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

/// Decodes one input as a message of both versions. What can be read must be sayable again, and mean the same then.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count >= OpenFlowFrame.headerLength, count <= OpenFlowFrame.maximumLength else { return 0 }
  var bytes = ByteBuffer(bytes: UnsafeBufferPointer(start: start, count: count))
  // The frame's length and version are right: wrong ones are refused at once, and would hide all the rest.
  bytes.setInteger(UInt16(count), at: 2)
  for version in ProtocolVersion.allCases {
    bytes.setInteger(version.rawValue, at: 0)
    check(bytes, version)
  }
  return 0
}

private func check(_ bytes: ByteBuffer, _ version: ProtocolVersion) {
  guard let message = try? Message.decode(from: bytes, version: version) else { return }
  var again = ByteBuffer()
  do {
    try message.encode(into: &again, version: version)
  } catch {
    // Some of what a switch may say is nothing that a controller should: a flow without its prerequisites.
    return
  }
  guard let same = try? Message.decode(from: again, version: version) else {
    fatalError("what was said cannot be read: \(message)")
  }
  var third = ByteBuffer()
  guard (try? same.encode(into: &third, version: version)) != nil, third == again else {
    fatalError("not canonical: \(message) and \(same)")
  }
}
