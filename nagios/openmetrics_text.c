/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Metrics as text: see openmetrics_text.h.
 * Facts: both formats escape '\', '"' and the newline in values of labels; "# EOF" ends OpenMetrics
 * and is a comment for Prometheus, as is "# UNIT".
 */
#include "openmetrics_text.h"

#include "printable.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>

static void add_value(GString *out, const char *value)
{
    g_autofree char *text = printable_text(value);

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\\' || *c == '"')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *c); /* a newline is no more: it was made printable */
    }
}

static void add_label(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "%s%s=\"", out->len > 0 ? "," : "", name);
    add_value(out, value);
    g_string_append_c(out, '"');
}

static char *labels_of(const char *common, va_list pairs)
{
    GString *out = g_string_new(common);
    const char *name = NULL;

    while ((name = va_arg(pairs, const char *)) != NULL)
        add_label(out, name, va_arg(pairs, const char *));
    return g_string_free(out, FALSE);
}

void metrics_begin(struct metrics *metrics, const char *check, const char *service)
{
    GString *common = g_string_new(NULL);

    add_label(common, "check", check);
    add_label(common, "service", service);
    *metrics = (struct metrics){g_string_new(NULL), g_string_free(common, FALSE), NULL};
}

char *metrics_labels(const struct metrics *metrics, ...)
{
    va_list pairs;
    char *labels = NULL;

    va_start(pairs, metrics);
    labels = labels_of(metrics->common, pairs);
    va_end(pairs);
    return labels;
}

static void add_number(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const bool whole = trunc(value) >= value && trunc(value) <= value;

    g_string_append(out, g_ascii_formatd(text, sizeof text, whole ? "%.0f" : "%.6f", value));
}

void metrics_add_labelled(struct metrics *metrics, const struct metric *metric, double value,
                          const char *labels)
{
    if (metrics->current != metric) {
        g_string_append_printf(metrics->text, "# HELP %s %s\n# TYPE %s gauge\n", metric->name,
                               metric->help, metric->name);
        if (*metric->unit != '\0')
            g_string_append_printf(metrics->text, "# UNIT %s %s\n", metric->name, metric->unit);
        metrics->current = metric;
    }
    g_string_append_printf(metrics->text, "%s{%s} ", metric->name, labels);
    add_number(metrics->text, value);
    g_string_append_c(metrics->text, '\n');
}

void metrics_add(struct metrics *metrics, const struct metric *metric, double value, ...)
{
    va_list pairs;
    g_autofree char *labels = NULL;

    va_start(pairs, value);
    labels = labels_of(metrics->common, pairs);
    va_end(pairs);
    metrics_add_labelled(metrics, metric, value, labels);
}

GString *metrics_end(struct metrics *metrics)
{
    g_string_append(metrics->text, "# EOF\n");
    g_free(metrics->common);
    return g_steal_pointer(&metrics->text);
}
