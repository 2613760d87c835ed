package kustomize

import (
	"github.com/boltseal/boltseal/scan/config/manifest"
)

// references are the fields that name another object, by the field above them and
// their own.
var references = map[[2]string]string{
	{"configMap", "name"}: "ConfigMap", {"configMapRef", "name"}: "ConfigMap", {"configMapKeyRef", "name"}: "ConfigMap",
	{"secret", "secretName"}: "Secret", {"secret", "name"}: "Secret", {"secretRef", "name"}: "Secret", {"secretKeyRef", "name"}: "Secret",
	{"imagePullSecrets", "name"}: "Secret", {"tls", "secretName"}: "Secret", {"secrets", "name"}: "Secret",
	{"spec", "serviceAccountName"}: "ServiceAccount", {"spec", "serviceAccount"}: "ServiceAccount",
	{"persistentVolumeClaim", "claimName"}: "PersistentVolumeClaim", {"service", "name"}: "Service",
	{"spec", "serviceName"}: "Service", {"backend", "serviceName"}: "Service",
	{"spec", "storageClassName"}: "StorageClass", {"spec", "priorityClassName"}: "PriorityClass", {"spec", "volumeName"}: "PersistentVolume",
}

// named are the fields that name an object of a kind that they say.
var named = map[string]bool{"roleRef": true, "subjects": true, "scaleTargetRef": true}

// refer gives the fields that name other objects the names that these have now.
func (s *set) refer(b *Builder) error {
	now := map[[2]string]*resource{}
	for _, r := range s.all {
		for _, name := range r.names {
			now[[2]string{r.kind(), name}] = r
		}
	}
	for _, r := range s.all {
		now[[2]string{r.kind(), r.name()}] = r
	}
	for _, r := range s.all {
		if err := b.spend(size(r.value)); err != nil {
			return err
		}
		rename(r.value, "", now)
	}
	return nil
}

func rename(v any, above string, now map[[2]string]*resource) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			rename(item, above, now)
		}
	case map[string]any:
		for k, item := range v {
			name, isText := item.(string)
			switch {
			case k == manifest.Metadata:
			case isText:
				kind := references[[2]string{above, k}]
				if named[above] && k == "name" {
					kind = text(v, "kind")
				}
				r := now[[2]string{kind, name}]
				if r == nil {
					continue
				}
				v[k] = r.name()
				if above == "subjects" && r.namespace() != "" {
					v["namespace"] = r.namespace()
				}
			default:
				rename(item, k, now)
			}
		}
	}
}
