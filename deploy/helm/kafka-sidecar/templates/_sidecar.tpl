{{/*
The parts that a chart of your own includes in its pod; README.md shows how. Each takes this chart's own context, which a
parent chart has as index .Subcharts "kafka-sidecar".
*/}}

{{/* An item of initContainers. */}}
{{- define "kafka-sidecar.container" -}}
{{- $sidecar := .Values.sidecar }}
{{- $image := deepCopy $sidecar.image | merge (dict "tag" (default .Chart.AppVersion $sidecar.image.tag)) -}}
- name: kafka-sidecar
  image: {{ include "kafka-sidecar.image" $image | quote }}
  imagePullPolicy: {{ $sidecar.image.pullPolicy }}
  {{- /* Makes it a native sidecar: starts before the pod's containers, ends after them. */}}
  restartPolicy: Always
  env:
    - name: KAFKA_BOOTSTRAP_SERVERS
      value: {{ .Values.kafka.bootstrapServers | required "kafka.bootstrapServers is obligatory: a host:port list" | quote }}
    {{- with .Values.schemaRegistry.url }}
    - name: SCHEMA_REGISTRY_URL
      value: {{ . | quote }}
    {{- end }}
    - name: SERVER_IP
      value: 127.0.0.1
    - name: SERVER_HTTPPORT
      value: {{ int $sidecar.port | quote }}
    - name: SERVER_MANAGEMENTIP
      value: 0.0.0.0
    - name: SERVER_MANAGEMENTPORT
      value: {{ int $sidecar.managementPort | quote }}
    - name: NODE_OPTIONS
      value: --max-old-space-size={{ int $sidecar.maxOldSpaceMb }}
    {{- with $sidecar.env }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $sidecar.existingSecret }}
  envFrom:
    - secretRef:
        name: {{ . }}
  {{- end }}
  ports:
    - name: management
      containerPort: {{ int $sidecar.managementPort }}
  startupProbe:
    httpGet:
      path: /health/liveness
      port: management
    {{- toYaml $sidecar.probes.startup | nindent 4 }}
  livenessProbe:
    httpGet:
      path: /health/liveness
      port: management
    {{- toYaml $sidecar.probes.liveness | nindent 4 }}
  {{- if $sidecar.probes.readiness.enabled }}
  readinessProbe:
    httpGet:
      path: /health/readiness
      port: management
    {{- toYaml (omit $sidecar.probes.readiness "enabled") | nindent 4 }}
  {{- end }}
  resources:
    {{- toYaml $sidecar.resources | nindent 4 }}
  securityContext:
    runAsNonRoot: true
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
    seccompProfile:
      type: RuntimeDefault
  volumeMounts:
    - name: kafka-sidecar-config
      mountPath: /config
      readOnly: true
    {{- with $sidecar.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* An item of volumes. */}}
{{- define "kafka-sidecar.volume" -}}
- name: kafka-sidecar-config
  configMap:
    name: {{ include "kafka-sidecar.configName" . }}
{{- end }}

{{/* An annotation of the pod: rolls it when values.yml changes. */}}
{{- define "kafka-sidecar.annotation" -}}
kafka-sidecar/config: {{ toYaml .Values.sidecar.values | sha256sum | trunc 16 | quote }}
{{- end }}

{{/* The address the backend calls. */}}
{{- define "kafka-sidecar.url" -}}
http://127.0.0.1:{{ int .Values.sidecar.port }}
{{- end }}
