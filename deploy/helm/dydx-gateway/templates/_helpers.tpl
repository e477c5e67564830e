{{- define "dydx-gateway.name" -}}
{{- .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "dydx-gateway.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "dydx-gateway.selector" -}}
app.kubernetes.io/name: {{ include "dydx-gateway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "dydx-gateway.labels" -}}
{{ include "dydx-gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: dydx-gateway
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The name of an environment variable: upstream.max-connections is UPSTREAM_MAX_CONNECTIONS. */}}
{{- define "dydx-gateway.variable" -}}
{{- . | upper | replace "." "_" | replace "-" "_" -}}
{{- end -}}

{{/* A value as the text the gateway reads. Helm holds the numbers of a values file as floats. */}}
{{- define "dydx-gateway.text" -}}
{{- if kindIs "float64" . -}}
{{- if eq (floor .) . -}}{{- int64 . -}}{{- else -}}{{- . -}}{{- end -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{/* A tree of keys as one line each, with names below a prefix. */}}
{{- define "dydx-gateway.variables" -}}
{{- $prefix := .prefix -}}
{{- range $key, $value := .tree }}
{{- $name := printf "%s_%s" $prefix (include "dydx-gateway.variable" $key) -}}
{{- if kindIs "map" $value }}
{{- include "dydx-gateway.variables" (dict "prefix" $name "tree" $value) }}
{{- else }}
{{ $name }}: {{ include "dydx-gateway.text" $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "dydx-gateway.accountsSecret" -}}
{{- .Values.existingAccountsSecret | default (printf "%s-accounts" (include "dydx-gateway.fullname" .)) -}}
{{- end -}}
