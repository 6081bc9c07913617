// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
package import ServiceModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension CheckFailure {
  /// What an error of a connection says of the member.
  package init(_ error: any Error) {
    switch error {
    case let error as IOError:
      switch error.errnoCode {
      case ECONNREFUSED: self = .refused
      case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN: self = .unreachable
      case ETIMEDOUT: self = .timeout
      default: self = .closed
      }
    case let error as ChannelError:
      if case .connectTimeout = error { self = .timeout } else { self = .closed }
    case let error as HTTPParserError:
      self = error == .invalidEOFState ? .closed : .malformed
    case HTTPExchangeError.timeout: self = .timeout
    case HTTPExchangeError.tooLarge: self = .malformed
    default: self = .closed
    }
  }
}
