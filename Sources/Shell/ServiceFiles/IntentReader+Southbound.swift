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
    let user = self.user(fields["user"])
    let passwordFile = self.scalar(fields["password-file"])?.text
    var login: ForeignController.Login?
    if let user, let passwordFile { login = ForeignController.Login(user: user, passwordFile: passwordFile) }
    if let kind, (user == nil) != (passwordFile == nil) || kind.asksForLogin && user == nil {
      self.report.add(
        .southboundConflict, at: value.location,
        user != nil
          ? "'southbound' has a 'user' and no 'password-file'"
          : passwordFile != nil
            ? "'southbound' has a 'password-file' and no 'user'"
            : "\(kind.title) answers nobody without a password, and 'southbound' has none",
        hint: "write both: {…, user: NAME, password-file: FILE}; the file's first line is the password")
    }
    guard let kind, let url else { return nil }
    return Located(
      ForeignController(kind, url: url, poll: poll?.value ?? ForeignController.defaultPoll, login: login),
      at: value.location)
  }

  /// HTTP basic authentication ends a name at its first colon (RFC 7617).
  private mutating func user(_ value: YAMLValue?) -> String? {
    self.read(value, .invalidName, no: "name of a user", accepted: "1 to 64 visible ASCII characters, without ':'") {
      text in
      (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x3a }
        ? text : nil
    }?.value
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
