// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// Which messages answer which (OpenFlow 1.3.5, 7.3).
enum ReplyKind: Equatable {
  case features
  case configuration
  case multipart
  case barrier
  case role
  case experimenter
  case queues
  case asynchronous

  /// The answer that a request has; nil if it has none.
  init?(to request: MessageBody) {
    switch request {
    case .featuresRequest: self = .features
    case .getConfigRequest: self = .configuration
    case .multipartRequest: self = .multipart
    case .barrierRequest: self = .barrier
    case .roleRequest: self = .role
    case .experimenter: self = .experimenter
    case .queueGetConfigRequest: self = .queues
    case .getAsyncRequest: self = .asynchronous
    default: return nil
    }
  }

  init?(reply: MessageBody) {
    switch reply {
    case .featuresReply: self = .features
    case .getConfigReply: self = .configuration
    case .multipartReply: self = .multipart
    case .barrierReply: self = .barrier
    case .roleReply: self = .role
    case .experimenter: self = .experimenter
    case .queueGetConfigReply: self = .queues
    case .getAsyncReply: self = .asynchronous
    default: return nil
    }
  }
}
