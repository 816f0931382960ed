package dev.flusso.postgres.provision;

import dev.flusso.schema.SourceConfig;

/**
 * What may be done to the database.
 *
 * @param slot the slot's name: lower-case letters, digits and underscores, at most 63
 * @param publication the publication's name
 * @param managePublication whether it may be created and extended
 */
public record ProvisionPolicy(
        String slot,
        String publication,
        boolean managePublication,
        SourceConfig.ReplicaIdentity replicaIdentity,
        SourceConfig.Publish publish) {

    public ProvisionPolicy {
        if (!slot.matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException("slot '" + slot
                    + "' is not a slot's name, expected 1 to 63 lower-case letters, digits and underscores");
        }
        if (publication.isEmpty()) {
            throw new IllegalArgumentException("the publication needs a name");
        }
    }
}
