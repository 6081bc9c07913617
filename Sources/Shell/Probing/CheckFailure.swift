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

extension ProbeOutcome {
  /// What an error of a connection says of the member, if it is not this machine's own.
  package init(_ error: any Error) {
    if let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL].contains(error.errnoCode) {
      self = .notMade(error.description)
    } else {
      self = .failure(CheckFailure(error))
    }
  }
}

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
