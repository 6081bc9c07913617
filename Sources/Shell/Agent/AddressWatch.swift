// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import CLinux
import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Hears from the kernel when an address or an interface comes, goes or changes. What exactly did is looked up then.
enum AddressWatch {
  /// - Parameter onChange: called on `eventLoop`, once for changes that come together.
  static func open(on eventLoop: any EventLoop, onChange: @escaping @Sendable () -> Void) async throws -> any Channel {
    let descriptor = clinux_open_address_watch()
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "netlink socket") }
    return try await NIOPipeBootstrap(group: eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ChangeHandler(onChange))
        }
      }
      .takingOwnershipOfDescriptor(input: descriptor)
      .get()
  }
}

private final class ChangeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let onChange: () -> Void

  init(_ onChange: @escaping () -> Void) {
    self.onChange = onChange
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    self.onChange()
  }
}

@available(*, unavailable)
extension ChangeHandler: Sendable {}
