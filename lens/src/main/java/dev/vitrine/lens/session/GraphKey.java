package dev.vitrine.lens.session;

/**
 * What a graph belongs to, with all that it depends on but the model, the objective and the number of samples: equal keys
 * have equal graphs. Records and enums have the equality that is needed.
 */
public interface GraphKey {}
