package secret

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/boltseal/boltseal/finding"
	rule "github.com/boltseal/boltseal/rule/secret"
)

// provider says how to ask whether a secret is live. A request must change
// nothing.
type provider struct {
	rules  []string // ids, or beginnings of ids that end in "-"
	url    string   // "{}" is replaced by the secret
	header string   // "Name: value with {}"
	// live and dead are status codes; a body that contains deadBody is dead
	// whatever the status.
	live, dead []int
	liveBody   string
	deadBody   string
}

// providers are those that can be asked. Sources: each provider's API reference.
var providers = map[string]provider{
	"github":       {rules: []string{"github-"}, url: "https://api.github.com/user", header: "Authorization: Bearer {}", live: []int{200, 403}, dead: []int{401}},
	"gitlab":       {rules: []string{"gitlab-pat"}, url: "https://gitlab.com/api/v4/personal_access_tokens/self", header: "PRIVATE-TOKEN: {}", live: []int{200, 403}, dead: []int{401}},
	"npm":          {rules: []string{"npm-token"}, url: "https://registry.npmjs.org/-/whoami", header: "Authorization: Bearer {}", live: []int{200}, dead: []int{401, 403}},
	"slack":        {rules: []string{"slack-bot-", "slack-user-", "slack-legacy-"}, url: "https://slack.com/api/auth.test", header: "Authorization: Bearer {}", live: []int{200}, liveBody: `"ok":true`, deadBody: `"ok":false`},
	"telegram":     {rules: []string{"telegram-"}, url: "https://api.telegram.org/bot{}/getMe", live: []int{200}, dead: []int{401, 404}},
	"stripe":       {rules: []string{"stripe-live-", "stripe-test-"}, url: "https://api.stripe.com/v1/balance", header: "Authorization: Bearer {}", live: []int{200, 403}, dead: []int{401}},
	"openai":       {rules: []string{"openai-key", "openai-project-"}, url: "https://api.openai.com/v1/models", header: "Authorization: Bearer {}", live: []int{200, 403, 429}, dead: []int{401}},
	"anthropic":    {rules: []string{"anthropic-"}, url: "https://api.anthropic.com/v1/models", header: "x-api-key: {}", live: []int{200, 403, 429}, dead: []int{401}},
	"huggingface":  {rules: []string{"huggingface-"}, url: "https://huggingface.co/api/whoami-v2", header: "Authorization: Bearer {}", live: []int{200}, dead: []int{401}},
	"deepseek":     {rules: []string{"deepseek-"}, url: "https://api.deepseek.com/user/balance", header: "Authorization: Bearer {}", live: []int{200}, dead: []int{401}},
	"dashscope":    {rules: []string{"dashscope-"}, url: "https://dashscope.aliyuncs.com/compatible-mode/v1/models", header: "Authorization: Bearer {}", live: []int{200}, dead: []int{401}},
	"sendgrid":     {rules: []string{"sendgrid-"}, url: "https://api.sendgrid.com/v3/scopes", header: "Authorization: Bearer {}", live: []int{200, 403}, dead: []int{401}},
	"digitalocean": {rules: []string{"digitalocean-token"}, url: "https://api.digitalocean.com/v2/account", header: "Authorization: Bearer {}", live: []int{200, 403}, dead: []int{401}},
}

// Providers lists who can be asked.
func Providers() []string { return slices.Sorted(maps.Keys(providers)) }

const (
	// maxAsked bounds the requests of one scan, askTimeout one of them.
	maxAsked   = 200
	askTimeout = 10 * time.Second
)

// Verifier asks providers whether secrets are live. It is safe for concurrent
// use and asks about each secret once.
type Verifier struct {
	names   []string
	client  *http.Client
	started int
	base    map[string]string // other addresses, for tests

	mu    sync.Mutex
	known map[[32]byte]string
	asked int
}

// NewVerifier asks the named providers only.
func NewVerifier(names []string) (*Verifier, error) {
	for _, n := range names {
		if _, ok := providers[n]; !ok {
			return nil, fmt.Errorf("provider %q: not one of %s", n, strings.Join(Providers(), ", "))
		}
	}
	client := &http.Client{Timeout: askTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Verifier{names: names, client: client, started: int(time.Now().UnixNano()), known: map[[32]byte]string{}}, nil
}

// ask completes a finding with what the provider says. Without an answer the
// finding stays as it is, and says so.
func (v *Verifier) ask(ctx context.Context, m *rule.Match, _ []byte, f *finding.Finding) {
	if v == nil {
		return
	}
	for _, name := range v.names {
		p := providers[name]
		if !slices.ContainsFunc(p.rules, func(id string) bool {
			return m.Rule.ID == id || strings.HasSuffix(id, "-") && strings.HasPrefix(m.Rule.ID, id)
		}) {
			continue
		}
		switch state := v.state(ctx, name, string(m.Secret)); state {
		case "live":
			f.Severity, f.Confidence = finding.Critical, finding.ConfidenceHigh
			f.Evidence += "; " + name + " says that it is live"
		case "dead":
			f.Severity = finding.Low
			f.Evidence += "; " + name + " says that it is no longer valid"
		default:
			f.Evidence += "; not verified: " + state
		}
	}
}

// state returns "live", "dead" or why neither is known. Nothing in it comes
// from the secret.
func (v *Verifier) state(ctx context.Context, name, secret string) string {
	key := sha256.Sum256([]byte(name + "\x00" + secret))
	v.mu.Lock()
	state, ok := v.known[key]
	v.asked++
	over := v.asked > maxAsked
	v.mu.Unlock()
	if ok {
		return state
	}
	if over {
		return "too many secrets to ask about"
	}
	state = v.request(ctx, name, secret)
	v.mu.Lock()
	v.known[key] = state
	v.mu.Unlock()
	return state
}

func (v *Verifier) request(ctx context.Context, name, secret string) string {
	p := providers[name]
	address := p.url
	if b := v.base[name]; b != "" {
		_, path, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
		address = b + "/" + path
	}
	if strings.ContainsAny(secret, "\r\n/?#%") {
		return "not a value that can be sent"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.ReplaceAll(address, "{}", secret), nil)
	if err != nil {
		return "no request could be made"
	}
	if header, value, ok := strings.Cut(p.header, ": "); ok {
		req.Header.Set(header, strings.ReplaceAll(value, "{}", secret))
	}
	req.Header.Set("User-Agent", "boltseal")
	if name == "anthropic" {
		req.Header.Set("anthropic-version", "2023-06-01")
	}
	resp, err := v.client.Do(req)
	if err != nil {
		return name + " did not answer" // err would hold the address, and that the secret
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	return p.judge(resp.StatusCode, strings.ReplaceAll(string(body), " ", ""))
}

// judge reads an answer.
func (p provider) judge(status int, body string) string {
	switch {
	case p.deadBody != "" && strings.Contains(body, p.deadBody), slices.Contains(p.dead, status):
		return "dead"
	case slices.Contains(p.live, status) && strings.Contains(body, p.liveBody):
		return "live"
	}
	return fmt.Sprintf("status %d", status)
}
