// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// The key `southbound` of a switch.
extension IntentReader {
  mutating func southbound(_ value: YAMLValue?) -> Located<ForeignController>? {
    guard let value, let fields = self.fields(value, as: .southbound) else { return nil }
    let kind: ForeignController.Kind? = self.choice(fields["controller"])
    let url = self.baseURL(fields["url"])
    let poll = self.duration(fields["poll"], in: ForeignController.polls)
    guard let kind, let url else { return nil }
    return Located(
      ForeignController(kind, url: url, poll: poll?.value ?? ForeignController.defaultPoll), at: value.location)
  }

  /// Of a machine's API: a scheme, a host and perhaps a port.
  private mutating func baseURL(_ value: YAMLValue?) -> String? {
    self.read(
      value, .invalidEndpoint, no: "URL of an API", accepted: "http://HOST:PORT or https://HOST:PORT, without a path"
    ) { text in
      guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return nil }
      var host = text.dropFirst(scheme.count)
      if host.last == "/" { host = host.dropLast() }
      guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !host.contains(where: "/?#@".contains)
      else { return nil }
      return scheme + host
    }?.value
  }
}
