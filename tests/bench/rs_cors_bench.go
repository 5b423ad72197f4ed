// SPDX-License-Identifier: Apache-2.0

// Times rs/cors with the same lists as core_bench.c, whose arguments and output it shares; beside nanoseconds it prints
// how many bytes one request allocates.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/rs/cors"
)

const hostileBytes = 800 * 1024

type response struct{ header http.Header }

func (r *response) Header() http.Header            { return r.header }
func (r *response) Write(data []byte) (int, error) { return len(data), nil }
func (r *response) WriteHeader(int)                {}

func lines(file string) []string {
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	return strings.Fields(string(text))
}

func handler(file string) http.Handler {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	return cors.New(cors.Options{
		AllowedOrigins:   lines(file),
		AllowedMethods:   []string{"GET", "POST", "PUT", "DELETE"},
		AllowedHeaders:   []string{"Content-Type", "X-Requested-With", "Authorization"},
		AllowCredentials: true,
	}).Handler(nothing)
}

func request(origin string, asked string) *http.Request {
	made, _ := http.NewRequest("GET", "https://api.site.example/", nil)
	made.Header.Set("Origin", origin)
	if asked != "" {
		made.Method = "OPTIONS"
		made.Header.Set("Access-Control-Request-Method", "PUT")
		made.Header.Set("Access-Control-Request-Headers", asked)
	}
	return made
}

// allowed: what the answers must be.
func measure(name string, guard http.Handler, requests []*http.Request, allowed bool) {
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		answer := &response{http.Header{}}
		for i := 0; i < b.N; i++ {
			for key := range answer.header {
				delete(answer.header, key)
			}
			guard.ServeHTTP(answer, requests[i%len(requests)])
			if (answer.header["Access-Control-Allow-Origin"] != nil) != allowed {
				panic(name + ": not the expected answer")
			}
		}
	})
	fmt.Printf("%s\t%.2f\t%d\n", name, float64(result.T.Nanoseconds())/float64(result.N), result.AllocedBytesPerOp())
}

func measureList(name string, file string) {
	guard := handler(file)
	var actual, preflights []*http.Request
	for _, origin := range lines(file + ".asked") {
		actual = append(actual, request(origin, ""))
		preflights = append(preflights, request(origin, "content-type,x-requested-with"))
	}
	measure(name+".allowed", guard, actual, true)
	measure(name+".preflight", guard, preflights, true)
	measure(name+".denied", guard, []*http.Request{request("https://not-in-the-list.example", "")}, false)
}

func measureHostile(file string) {
	guard := handler(file)
	for name, asked := range map[string]string{
		"commas-800KB": strings.Repeat(",", hostileBytes),
		"names-800KB":  strings.Repeat("a,", hostileBytes/2),
	} {
		// rs/cors ignores empty names, so it allows a header of commas.
		measure("hostile."+name, guard, []*http.Request{request("https://app.example", asked)}, name == "commas-800KB")
	}
}

func main() {
	testing.Init()
	measureHostile(os.Args[1])
	for i := 2; i+1 < len(os.Args); i += 2 {
		measureList(os.Args[i], os.Args[i+1])
	}
}
