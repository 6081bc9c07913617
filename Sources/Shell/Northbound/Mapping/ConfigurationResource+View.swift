// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel

extension ConfigurationResource {
  init(_ view: ConfigurationView) {
    self.init(
      revision: view.revision, text: view.text, file: view.arrival?.file, origin: view.arrival?.origin,
      controller: view.arrival?.controller, time: view.arrival.map { rfc3339(microseconds: $0.time) },
      storeProblem: view.storeProblem, links: ["self": Path.configuration, "events": "/v1/events"])
  }
}
