package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/scan/cache"
)

// cacheDir is where the cache stands unless a flag says otherwise.
func cacheDir() string {
	if dir := os.Getenv("BOLTSEAL_CACHE_DIR"); dir != "" {
		return dir
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "boltseal")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("boltseal-%d", os.Getuid()))
}

func cacheCommand(s Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Show or clear what earlier scans learned about layers",
		Args:  exactArgs(0, "cache"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	dir := cmd.PersistentFlags().String("cache-dir", cacheDir(), "directory of the scan cache")
	status := &cobra.Command{
		Use:     "status",
		Short:   "Print where the cache is and how large",
		Example: "  boltseal cache status",
		Args:    exactArgs(0, "cache status"),
		RunE: func(*cobra.Command, []string) error {
			c, err := cache.Open(*dir, 0)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.Out, "%s: %.1f MB\n", *dir, float64(c.Bytes())/1e6)
			return err
		},
	}
	clear := &cobra.Command{
		Use:     "clear",
		Short:   "Forget all layers",
		Example: "  boltseal cache clear",
		Args:    exactArgs(0, "cache clear"),
		RunE: func(*cobra.Command, []string) error {
			c, err := cache.Open(*dir, 0)
			if err != nil {
				return err
			}
			return c.Clear()
		},
	}
	cmd.AddCommand(status, clear)
	return cmd
}
