package dev.vitrine.study.unit.dead;

import java.util.List;

/**
 * How often each channel is above 0 over many pictures. A channel that never is, is dead: its rectifier passes
 * nothing (a leaky one, only the leak), and no gradient flows back.
 *
 * @param pictures number processed
 * @param unreadable number of pictures that could not be read
 * @param layers in the requested order
 */
public record DeadUnits(int pictures, int unreadable, List<Layer> layers) {
    /** A channel that is above 0 in a smaller share of the pictures is nearly dead. */
    public static final double NEARLY = 0.01;

    /** Activity of a channel. */
    public enum State {
        DEAD,
        NEARLY_DEAD,
        ALIVE
    }

    /**
     * @param maximum over all positions of all pictures
     * @param mean over all positions of all pictures
     * @param silent share of all values that are not above 0
     * @param pictures share of the pictures in which some value is above 0
     */
    public record Channel(double maximum, double mean, double silent, double pictures) {
        public State state() {
            if (!(maximum > 0)) {
                return State.DEAD;
            }
            return pictures < NEARLY ? State.NEARLY_DEAD : State.ALIVE;
        }
    }

    /** The channels of the named layer. */
    public record Layer(String layer, List<Channel> channels) {
        public Layer {
            channels = List.copyOf(channels);
        }

        public long count(State state) {
            return channels.stream().filter(channel -> channel.state() == state).count();
        }
    }

    public DeadUnits {
        layers = List.copyOf(layers);
    }
}
