/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Inventories: what is read keeps its promises, and what is refused is said in one printable line.
 */
#include "fuzz.h"
#include "seam.h"

#include "nagios/inventory.h"
#include "nagios/plugin.h"

#include <string.h>

static void check_node(const struct inventory_cluster *cluster, const struct inventory_node *node)
{
    MUST(node->name != NULL && *node->name != '\0' && node->line > 0);
    MUST(node->address != NULL || node->itl != NULL || node->ctl != NULL ||
         node->tvs_certificate != NULL || node->tomcat != NULL || !node->tftp);
    for (int port = 0; port < INVENTORY_PORTS; port++) {
        MUST(node->port[port] > 0 && node->port[port] <= 65535);
        MUST(cluster->port[port] >= 0 && cluster->port[port] <= 65535);
    }
}

static void check_cluster(const struct inventory *inventory,
                          const struct inventory_cluster *cluster)
{
    unsigned in_group = 0;

    MUST(cluster->name != NULL && *cluster->name != '\0');
    MUST(inventory_find(inventory, cluster->name) == cluster);
    MUST(cluster->nodes->len > 0 && cluster->nodes->len <= INVENTORY_NODES_MAX);
    MUST((cluster->version_text == NULL) == (cluster->version == 0));
    MUST(cluster->client_key == NULL || cluster->client_cert != NULL);
    for (unsigned i = 0; i < cluster->nodes->len; i++) {
        const struct inventory_node *node = g_ptr_array_index(cluster->nodes, i);

        check_node(cluster, node);
        in_group += node->in_group;
        for (unsigned k = 0; k < i; k++)
            MUST(strcmp(
                     node->name,
                     ((const struct inventory_node *)g_ptr_array_index(cluster->nodes, k))->name) !=
                 0);
    }
    MUST(in_group <= INVENTORY_GROUP_MAX);
}

/* As check_ucm_consistency does. */
static void read_it(void *user)
{
    char *why = NULL;
    struct inventory *inventory = inventory_read(user, &why);

    if (inventory == NULL) {
        g_autofree char *text = why;

        MUST(text != NULL);
        plugin_usage("%s", text);
    }
    MUST(inventory->clusters->len > 0 && inventory->clusters->len <= INVENTORY_CLUSTERS_MAX);
    for (unsigned i = 0; i < inventory->clusters->len; i++)
        check_cluster(inventory, g_ptr_array_index(inventory->clusters, i));
    inventory_free(inventory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct seam_end end = seam_run(read_it, (char *)fuzz_file(0, data, size));

    if (end.left) {
        MUST(end.code == STATE_UNKNOWN);
        MUST(fuzz_plugin_output(end.text->str, end.text->len));
    }
    return 0;
}
