package kustomize

import (
	"regexp"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

// resource is an object on its way through kustomizations.
type resource struct {
	file  string
	value map[string]any
	// names and spaces are what it was called before, the first first.
	names  []string
	spaces []string
	// hashed says that a hash of its content goes behind its name.
	hashed bool
}

// set is the objects of a kustomization, in order.
type set struct{ all []*resource }

// newResource is nil for documents that are no objects.
func newResource(file string, v any) *resource {
	m, ok := v.(map[string]any)
	if !ok || text(m, "kind") == "" || text(m, "apiVersion") == "" {
		return nil
	}
	r := &resource{file: file, value: m}
	r.remember()
	return r
}

func (r *resource) kind() string      { return text(r.value, "kind") }
func (r *resource) name() string      { return text(r.value, "metadata", "name") }
func (r *resource) namespace() string { return text(r.value, "metadata", "namespace") }

// group and version are those of the API.
func (r *resource) group() (group, version string) {
	return cutGroup(text(r.value, "apiVersion"))
}

func cutGroup(apiVersion string) (group, version string) {
	if group, version, ok := strings.Cut(apiVersion, "/"); ok {
		return group, version
	}
	return "", apiVersion
}

// remember keeps the present name, under which others may speak of it.
func (r *resource) remember() {
	r.names, r.spaces = append(r.names, r.name()), append(r.spaces, r.namespace())
}

// called says whether the object has or had the name.
func (r *resource) called(name string) bool {
	return name == r.name() || slices.Contains(r.names, name)
}

func (r *resource) in(namespace string) bool {
	same := func(space string) bool { return space == namespace || space+namespace == "default" }
	return same(r.namespace()) || slices.ContainsFunc(r.spaces, same)
}

// builtin says whether the kind is one of Kubernetes, whose lists have keys.
func (r *resource) builtin() bool {
	group, _ := r.group()
	return slices.Contains([]string{"", "apps", "batch", "autoscaling", "policy", "extensions"}, group) || strings.HasSuffix(group, ".k8s.io")
}

// clusterKinds have no namespace.
var clusterKinds = []string{
	"APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "ComponentStatus",
	"CustomResourceDefinition", "FlowSchema", "IngressClass", "MutatingWebhookConfiguration", "Namespace", "Node",
	"PersistentVolume", "PodSecurityPolicy", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass",
	"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment",
	"ClusterTrustBundle", "DeviceClass", "GatewayClass", "VolumeSnapshotClass", "SelfSubjectAccessReview", "SubjectAccessReview",
}

// matcher is a selector ready to use.
type matcher struct {
	selector
	// exact says that the texts are names, not expressions.
	exact bool

	kind, name, namespace, group, version *regexp.Regexp
}

func (s selector) compile() (*matcher, error) {
	m := &matcher{selector: s}
	for _, f := range []struct {
		to   **regexp.Regexp
		text string
	}{{&m.kind, s.Kind}, {&m.name, s.Name}, {&m.namespace, s.Namespace}, {&m.group, s.Group}, {&m.version, s.Version}} {
		if f.text == "" {
			continue
		}
		re, err := regexp.Compile("^(?:" + f.text + ")$")
		if err != nil {
			return nil, err
		}
		*f.to = re
	}
	return m, nil
}

func (m *matcher) matches(r *resource) bool {
	group, version := r.group()
	if m.exact {
		return m.Kind == r.kind() && m.Group == group && m.Version == version && r.called(m.Name) && (m.Namespace == "" || r.in(m.Namespace))
	}
	any := func(re *regexp.Regexp, texts ...string) bool {
		return re == nil || slices.ContainsFunc(texts, re.MatchString)
	}
	return any(m.kind, r.kind()) && any(m.group, group) && any(m.version, version) &&
		any(m.name, append(slices.Clone(r.names), r.name())...) && any(m.namespace, append(slices.Clone(r.spaces), r.namespace())...) &&
		labelled(m.Labels, get(r.value, "metadata", "labels")) && labelled(m.Annotations, get(r.value, "metadata", "annotations"))
}

// labelled follows a label selector: "a=b,c!=d,e,!f,g in (x,y)".
func labelled(selector string, v any) bool {
	have, _ := v.(map[string]any)
	for _, m := range labelTerm.FindAllStringSubmatch(selector, 100) {
		not, key, op, want := m[1] == "!", m[2], m[3], m[4]
		got, has := have[key].(string)
		among := slices.Contains(strings.FieldsFunc(want, func(r rune) bool { return strings.ContainsRune("(), ", r) }), got)
		ok := has
		switch op {
		case "=", "==", " in ":
			ok = has && among
		case "!=", " notin ":
			ok = !has || !among
		}
		if ok == not {
			return false
		}
	}
	return true
}

var labelTerm = regexp.MustCompile(`(!?)([\w./-]+)\s*(?:(==?|!=| in | notin )\s*(\([^)]*\)|[\w.-]*))?`)

// text is a string in maps, "" when it is none.
func text(m map[string]any, keys ...string) string {
	s, _ := get(m, keys...).(string)
	return s
}

func get(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

// size counts the nodes of a value.
func size(v any) int {
	n := 1
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			if k != manifest.Metadata {
				n += size(item)
			}
		}
	case []any:
		for _, item := range v {
			n += size(item)
		}
	}
	return n
}

// clone copies a value; lines come with it.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, item := range v {
			m[k] = clone(item)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = clone(item)
		}
		return list
	}
	return v
}
