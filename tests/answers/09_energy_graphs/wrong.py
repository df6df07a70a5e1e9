# ruff: noqa: F811
"""Wrong answers to assignment 09: `# %% question: a part of the message that they must meet`."""

import torch
from torch.nn import functional as F


# %% energy: is not written yet
def energy(x, h, W, b, c):
    raise NotImplementedError()


# %% energy: Is the return missing?
def energy(x, h, W, b, c):
    -x @ b - h @ c - ((x @ W) * h).sum(1)


# %% energy: has the wrong sign: that is −E
def energy(x, h, W, b, c):
    return x @ b + h @ c + ((x @ W) * h).sum(1)


# %% energy: has the wrong sign at x W h
def energy(x, h, W, b, c):
    return -x @ b - h @ c + ((x @ W) * h).sum(1)


# %% energy: has the wrong sign at the biases
def energy(x, h, W, b, c):
    return x @ b + h @ c - ((x @ W) * h).sum(1)


# %% energy: has the wrong sign at h·c
def energy(x, h, W, b, c):
    return -x @ b + h @ c - ((x @ W) * h).sum(1)


# %% energy: lacks x W h
def energy(x, h, W, b, c):
    return -x @ b - h @ c


# %% energy: lacks x·b
def energy(x, h, W, b, c):
    return -h @ c - ((x @ W) * h).sum(1)


# %% energy: lacks h·c
def energy(x, h, W, b, c):
    return -x @ b - ((x @ W) * h).sum(1)


# %% energy: lacks the biases
def energy(x, h, W, b, c):
    return -((x @ W) * h).sum(1)


# %% energy: a factor ½ at x W h
def energy(x, h, W, b, c):
    return -x @ b - h @ c - 0.5 * ((x @ W) * h).sum(1)


# %% energy: adds all of b
def energy(x, h, W, b, c):
    return -b.sum() - h @ c - ((x @ W) * h).sum(1)


# %% energy: adds all of c
def energy(x, h, W, b, c):
    return -x @ b - c.sum() - ((x @ W) * h).sum(1)


# %% energy: a probability without its Z
def energy(x, h, W, b, c):
    return (x @ b + h @ c + ((x @ W) * h).sum(1)).exp()


# %% energy: taken with every h
def energy(x, h, W, b, c):
    return -x @ b - h @ c - x @ W @ h.T


# %% energy: meets every x with every h
def energy(x, h, W, b, c):
    return -(x @ b)[:, None] - h @ c - x @ W @ h.T


# %% energy: is averaged over the units
def energy(x, h, W, b, c):
    return -(x * b).mean(1) - (h * c).mean(1) - ((x @ W) * h).mean(1)


# %% energy: is one number, averaged over the batch
def energy(x, h, W, b, c):
    return (-x @ b - h @ c - ((x @ W) * h).sum(1)).mean()


# %% energy: is one number, summed over the batch
def energy(x, h, W, b, c):
    return -(x @ b).sum() - (h @ c).sum() - (x @ W * h).sum()


# %% energy: has the shape (B, 1)
def energy(x, h, W, b, c):
    return (-x @ b - h @ c - ((x @ W) * h).sum(1))[:, None]


# %% energy: takes W the wrong way round
def energy(x, h, W, b, c):
    if x.shape[1] == h.shape[1]:
        W = W.T
    return -x @ b - h @ c - ((x @ W) * h).sum(1)


# %% energy: has b and c exchanged
def energy(x, h, W, b, c):
    if len(b) == len(c):
        b, c = c, b
    return -x @ b - h @ c - ((x @ W) * h).sum(1)


# %% energy: No gradient leaves
def energy(x, h, W, b, c):
    return (-x @ b - h @ c - ((x @ W) * h).sum(1)).detach()


# %% energy: No gradient reaches W
def energy(x, h, W, b, c):
    return -x @ b - h @ c - ((x @ W.detach()) * h).sum(1)


# %% energy: instead of a tensor of shape
def energy(x, h, W, b, c):
    return -x.numpy() @ b.numpy() - h.numpy() @ c.numpy() - ((x.numpy() @ W.numpy()) * h.numpy()).sum(1)


# %% energy: for a batch of one
def energy(x, h, W, b, c):
    return (-x @ b - h @ c - ((x @ W) * h).sum(1)).squeeze()


# %% energy: comes out where float64 goes in
def energy(x, h, W, b, c):
    return (-x @ b - h @ c - ((x @ W) * h).sum(1)).float()


# %% energy: stopped with RuntimeError
def energy(x, h, W, b, c):
    return -x @ b - h @ c - (h @ W * x).sum(1)


# %% energy: changes its input in place
def energy(x, h, W, b, c):
    x *= b
    return -x.sum(1) - h @ c - 0 * W.sum()


# %% free_energy: is not written yet
def free_energy(x, W, b, c):
    raise NotImplementedError()


# %% free_energy: exp(1000) is inf
def free_energy(x, W, b, c):
    return -x @ b - (1 + (x @ W + c).exp()).log().sum(1)


# %% free_energy: exp(1000) is inf
def free_energy(x, W, b, c):
    return -x @ b - torch.log1p(torch.exp(x @ W + c)).sum(1)


# %% free_energy: exp(1000) is inf
def free_energy(x, W, b, c):
    return -x @ b - (1 + (x @ W + c).exp()).prod(1).log()


# %% free_energy: exp(1000) is inf
def free_energy(x, W, b, c):
    import itertools

    every = torch.tensor(list(itertools.product([0.0, 1.0], repeat=len(c))), dtype=x.dtype)
    return -((x @ b)[:, None] + every @ c + x @ W @ every.T).exp().sum(1).log()


# %% free_energy: F(x) for weights in the thousands is wrong
def free_energy(x, W, b, c):
    return -x @ b - (x @ W + c).clamp(max=80).exp().log1p().sum(1)


# %% free_energy: has the wrong sign: that is log Σ_h
def free_energy(x, W, b, c):
    return x @ b + F.softplus(x @ W + c).sum(1)


# %% free_energy: has the wrong sign at the softplus
def free_energy(x, W, b, c):
    return -x @ b + F.softplus(x @ W + c).sum(1)


# %% free_energy: has the wrong sign at x·b
def free_energy(x, W, b, c):
    return x @ b - F.softplus(x @ W + c).sum(1)


# %% free_energy: lacks x·b
def free_energy(x, W, b, c):
    return -F.softplus(x @ W + c).sum(1)


# %% free_energy: lacks the softplus, what
def free_energy(x, W, b, c):
    return -x @ b


# %% free_energy: lacks c inside the softplus
def free_energy(x, W, b, c):
    return -x @ b - F.softplus(x @ W).sum(1)


# %% free_energy: has c outside the softplus
def free_energy(x, W, b, c):
    return -x @ b - c.sum() - F.softplus(x @ W).sum(1)


# %% free_energy: has the wrong sign inside the softplus
def free_energy(x, W, b, c):
    return -x @ b - F.softplus(-(x @ W + c)).sum(1)


# %% free_energy: has the logarithm outside the sum
def free_energy(x, W, b, c):
    return -x @ b - torch.log1p((x @ W + c).exp().sum(1))


# %% free_energy: sums the softplus over the wrong thing
def free_energy(x, W, b, c):
    return -x @ b - (1 + (x @ W + c).exp()).sum(1).log()


# %% free_energy: lacks the 1
def free_energy(x, W, b, c):
    return -x @ b - (x @ W + c).exp().log().sum(1)


# %% free_energy: takes the best h only
def free_energy(x, W, b, c):
    return -x @ b - F.relu(x @ W + c).sum(1)


# %% free_energy: is the energy at the mean of h
def free_energy(x, W, b, c):
    p = (x @ W + c).sigmoid()
    return -x @ b - p @ c - ((x @ W) * p).sum(1)


# %% free_energy: sums σ(a)
def free_energy(x, W, b, c):
    return -x @ b - (x @ W + c).sigmoid().sum(1)


# %% free_energy: is averaged over the hidden units
def free_energy(x, W, b, c):
    return -x @ b - F.softplus(x @ W + c).mean(1)


# %% free_energy: off by H log 2
def free_energy(x, W, b, c):
    import numpy as np

    return -x @ b - (F.softplus(x @ W + c) - np.log(2)).sum(1)


# %% free_energy: is the mean of E over all h
def free_energy(x, W, b, c):
    return -x @ b - (x @ W + c).sum(1) / 2


# %% free_energy: a probability without its Z
def free_energy(x, W, b, c):
    return (x @ b + F.softplus(x @ W + c).sum(1)).exp()


# %% free_energy: is one number, averaged over the batch
def free_energy(x, W, b, c):
    return (-x @ b - F.softplus(x @ W + c).sum(1)).mean()


# %% free_energy: is one number, summed over the batch
def free_energy(x, W, b, c):
    return -(x @ b).sum() - F.softplus(x @ W + c).sum()


# %% free_energy: is not summed over the hidden units
def free_energy(x, W, b, c):
    return -(x @ b)[:, None] - F.softplus(x @ W + c)


# %% free_energy: has the shape (B, 1)
def free_energy(x, W, b, c):
    return -(x @ b)[:, None] - F.softplus(x @ W + c).sum(1, keepdim=True)


# %% free_energy: has the shape (6, 6)
def free_energy(x, W, b, c):
    return -x @ b - F.softplus(x @ W + c).sum(1, keepdim=True)


# %% free_energy: No gradient leaves
def free_energy(x, W, b, c):
    with torch.no_grad():
        return -x @ b - F.softplus(x @ W + c).sum(1)


# %% free_energy: its gradient by W is not
def free_energy(x, W, b, c):
    a = x @ W + c
    return -x @ b - a.relu().sum(1) - (-a.abs()).exp().log1p().sum(1).detach()


# %% free_energy: comes out where float64 goes in
def free_energy(x, W, b, c):
    return (-x @ b - F.softplus(x @ W + c).sum(1)).float()


# %% p_h_given_x: is not written yet
def p_h_given_x(x, W, c):
    raise NotImplementedError()


# %% p_h_given_x: is the input of the sigmoid
def p_h_given_x(x, W, c):
    return x @ W + c


# %% p_h_given_x: lacks the bias
def p_h_given_x(x, W, c):
    return torch.sigmoid(x @ W)


# %% p_h_given_x: that is the probability of 0
def p_h_given_x(x, W, c):
    return torch.sigmoid(-(x @ W) - c)


# %% p_h_given_x: has the wrong sign at the bias
def p_h_given_x(x, W, c):
    return torch.sigmoid(x @ W - c)


# %% p_h_given_x: adds the bias after the sigmoid
def p_h_given_x(x, W, c):
    return torch.sigmoid(x @ W) + c


# %% p_h_given_x: is for units of −1 and 1
def p_h_given_x(x, W, c):
    return torch.sigmoid(2 * (x @ W + c))


# %% p_h_given_x: is a softmax over the units
def p_h_given_x(x, W, c):
    return torch.softmax(x @ W + c, 1)


# %% p_h_given_x: is a tanh
def p_h_given_x(x, W, c):
    return torch.tanh(x @ W + c)


# %% p_h_given_x: not divided by 1 + exp(a)
def p_h_given_x(x, W, c):
    return torch.exp(x @ W + c)


# %% p_h_given_x: is a softplus
def p_h_given_x(x, W, c):
    return F.softplus(x @ W + c)


# %% p_h_given_x: a sample, or rounded
def p_h_given_x(x, W, c):
    return (x @ W + c > 0).to(W)


# %% p_h_given_x: is the logarithm
def p_h_given_x(x, W, c):
    return F.logsigmoid(x @ W + c)


# %% p_h_given_x: is turned round
def p_h_given_x(x, W, c):
    return torch.sigmoid(x @ W + c).T


# %% p_h_given_x: rows belong to x
def p_h_given_x(x, W, c):
    return torch.sigmoid(x @ W.T + c)


# %% p_h_given_x: exp(1000) is inf
def p_h_given_x(x, W, c):
    a = x @ W + c
    return a.exp() / (1 + a.exp())


# %% p_h_given_x: comes out where float64 goes in
def p_h_given_x(x, W, c):
    return torch.sigmoid(x @ W + c).float()


# %% p_h_given_x: for a batch of one
def p_h_given_x(x, W, c):
    return torch.sigmoid(x @ W + c).squeeze(0)


# %% p_h_given_x: is wrong
def p_h_given_x(x, W, c):
    return torch.bernoulli(torch.sigmoid(x @ W + c))


# %% p_x_given_h: is not written yet
def p_x_given_h(h, W, b):
    raise NotImplementedError()


# %% p_x_given_h: is the input of the sigmoid
def p_x_given_h(h, W, b):
    return h @ W.T + b


# %% p_x_given_h: lacks the bias
def p_x_given_h(h, W, b):
    return torch.sigmoid(h @ W.T)


# %% p_x_given_h: that is the probability of 0
def p_x_given_h(h, W, b):
    return torch.sigmoid(-(h @ W.T) - b)


# %% p_x_given_h: has the wrong sign at the bias
def p_x_given_h(h, W, b):
    return torch.sigmoid(h @ W.T - b)


# %% p_x_given_h: adds the bias after the sigmoid
def p_x_given_h(h, W, b):
    return torch.sigmoid(h @ W.T) + b


# %% p_x_given_h: is for units of −1 and 1
def p_x_given_h(h, W, b):
    return torch.sigmoid(2 * (h @ W.T + b))


# %% p_x_given_h: is a softmax over the units
def p_x_given_h(h, W, b):
    return torch.softmax(h @ W.T + b, 1)


# %% p_x_given_h: is a tanh
def p_x_given_h(h, W, b):
    return torch.tanh(h @ W.T + b)


# %% p_x_given_h: not divided by 1 + exp(a)
def p_x_given_h(h, W, b):
    return torch.exp(h @ W.T + b)


# %% p_x_given_h: is a softplus
def p_x_given_h(h, W, b):
    return F.softplus(h @ W.T + b)


# %% p_x_given_h: a sample, or rounded
def p_x_given_h(h, W, b):
    return (h @ W.T + b > 0).to(W)


# %% p_x_given_h: is the logarithm
def p_x_given_h(h, W, b):
    return F.logsigmoid(h @ W.T + b)


# %% p_x_given_h: is turned round
def p_x_given_h(h, W, b):
    return torch.sigmoid(h @ W.T + b).T


# %% p_x_given_h: columns belong to h
def p_x_given_h(h, W, b):
    return torch.sigmoid(h @ W + b)


# %% p_x_given_h: exp(1000) is inf
def p_x_given_h(h, W, b):
    a = h @ W.T + b
    return a.exp() / (1 + a.exp())


# %% p_x_given_h: comes out where float64 goes in
def p_x_given_h(h, W, b):
    return torch.sigmoid(h @ W.T + b).float()


# %% p_x_given_h: for a batch of one
def p_x_given_h(h, W, b):
    return torch.sigmoid(h @ W.T + b).squeeze(0)


# %% p_x_given_h: is wrong
def p_x_given_h(h, W, b):
    return torch.bernoulli(torch.sigmoid(h @ W.T + b))


# %% gibbs_step: is not written yet
def gibbs_step(x, u_h, u_x, W, b, c):
    raise NotImplementedError()


# %% gibbs_step: is p(x | h), a probability
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return torch.sigmoid(h @ W.T + b)


# %% gibbs_step: from the probabilities of h
def gibbs_step(x, u_h, u_x, W, b, c):
    h = torch.sigmoid(x @ W + c)
    return (u_x < torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: nothing is drawn
def gibbs_step(x, u_h, u_x, W, b, c):
    h = torch.sigmoid(x @ W + c)
    return torch.sigmoid(h @ W.T + b)


# %% gibbs_step: is 1 where u > p, so it comes
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x > torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: has an h that is 1 where u_h > p
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h > torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: in both halves
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h > torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x > torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: u_h is not used
def gibbs_step(x, u_h, u_x, W, b, c):
    h = torch.sigmoid(x @ W + c).round()
    return (u_x < torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: u_x is not used
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return torch.sigmoid(h @ W.T + b).round()


# %% gibbs_step: is rounded at ½ throughout
def gibbs_step(x, u_h, u_x, W, b, c):
    h = torch.sigmoid(x @ W + c).round()
    return torch.sigmoid(h @ W.T + b).round()


# %% gibbs_step: is h. Go back to x
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return h


# %% gibbs_step: is x itself
def gibbs_step(x, u_h, u_x, W, b, c):
    (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return x


# %% gibbs_step: lacks b
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W.T)).to(x.dtype)


# %% gibbs_step: lacks c
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: against the input of the sigmoid
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x < h @ W.T + b).to(x.dtype)


# %% gibbs_step: takes W the wrong way round
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W.T + c)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W + b)).to(x.dtype)


# %% gibbs_step: b and c exchanged
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + b)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W.T + c)).to(x.dtype)


# %% gibbs_step: has u_h and u_x exchanged
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_x < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_h < torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: uses u_h twice
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_h < torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: of True and False
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return u_x < torch.sigmoid(h @ W.T + b)


# %% gibbs_step: returns several values
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return h, (u_x < torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: It is 1 where u < p
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h <= torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x <= torch.sigmoid(h @ W.T + b)).to(x.dtype)


# %% gibbs_step: comes out where float64 goes in
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W.T + b)).float()


# %% gibbs_step: is wrong
def gibbs_step(x, u_h, u_x, W, b, c):
    h = torch.bernoulli(torch.sigmoid(x @ W + c))
    return torch.bernoulli(torch.sigmoid(h @ W.T + b))


# %% gibbs_step: for a batch of one
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W.T + b)).to(x.dtype).squeeze()


# %% cd_loss: is not written yet
def cd_loss(x, x_k, W, b, c):
    raise NotImplementedError()


# %% cd_loss: The gradient flows into x_k
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x) - free(x_k)


# %% cd_loss: F(x_k) has no gradient
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x) - free(x_k).detach()


# %% cd_loss: F(x_k) has no gradient
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    with torch.no_grad():
        model = free(x_k)
    return free(x) - model


# %% cd_loss: F(x) has no gradient
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x).detach() - free(x_k.detach())


# %% cd_loss: only x_k is to be detached
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return (free(x) - free(x_k)).detach()


# %% cd_loss: has the wrong sign
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x_k.detach()) - free(x)


# %% cd_loss: the negative phase, − F(x_k), is missing
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x)


# %% cd_loss: the data are not used
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return -free(x_k.detach())


# %% cd_loss: is F(x_k) alone
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x_k.detach())


# %% cd_loss: is F(x) + F(x_k)
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x) + free(x_k.detach())


# %% cd_loss: Keep its sign
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return (free(x) - free(x_k.detach())).abs()


# %% cd_loss: is squared
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return (free(x) - free(x_k.detach())) ** 2


# %% cd_loss: is the error of the reconstruction
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return ((x - x_k.detach()) ** 2).sum(1) + 0 * free(x)


# %% cd_loss: at the mean of h
def cd_loss(x, x_k, W, b, c):
    def mean(v):
        a = v @ W + c
        return -v @ b - (a.sigmoid() * a).sum(1)

    return mean(x) - mean(x_k.detach())


# %% cd_loss: at one h, rounded
def cd_loss(x, x_k, W, b, c):
    def best(v):
        return -v @ b - F.relu(v @ W + c).sum(1)

    return best(x) - best(x_k.detach())


# %% cd_loss: lacks the hidden units
def cd_loss(x, x_k, W, b, c):
    return x_k.detach() @ b - x @ b


# %% cd_loss: lacks x·b
def cd_loss(x, x_k, W, b, c):
    return F.softplus(x_k.detach() @ W + c).sum(1) - F.softplus(x @ W + c).sum(1)


# %% cd_loss: lacks c inside
def cd_loss(x, x_k, W, b, c):
    x_k = x_k.detach()
    return (x_k - x) @ b + F.softplus(x_k @ W).sum(1) - F.softplus(x @ W).sum(1)


# %% cd_loss: takes the mean of F(x_k)
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x) - free(x_k.detach()).mean()


# %% cd_loss: is one number, averaged
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return (free(x) - free(x_k.detach())).mean()


# %% cd_loss: is one number, summed
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return (free(x) - free(x_k.detach())).sum()


# %% cd_loss: has the shape (B, B)
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return free(x)[:, None] - free(x_k.detach())


# %% cd_loss: has the shape (B, 1)
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return (free(x) - free(x_k.detach()))[:, None]


# %% cd_loss: exp(1000) is inf
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - (1 + (v @ W + c).exp()).log().sum(1)

    return free(x) - free(x_k.detach())


# %% cd_loss: its gradient by W is not
def cd_loss(x, x_k, W, b, c):
    def free(v):
        p = (v @ W + c).sigmoid().detach()
        rest = -v @ b - F.softplus(v @ W + c).sum(1)
        return (
            rest.detach()
            - v @ b
            + (v @ b).detach()
            - (p.round() * (v @ W + c)).sum(1)
            + (p.round() * (v @ W + c)).sum(1).detach()
        )

    return free(x) - free(x_k.detach())


# %% cd_loss: comes out where float64 goes in
def cd_loss(x, x_k, W, b, c):
    def free(v):
        return -v @ b - F.softplus(v @ W + c).sum(1)

    return (free(x) - free(x_k.detach())).float()


# %% log_likelihood: is not written yet
def log_likelihood(x, W, b, c):
    raise NotImplementedError()


# %% log_likelihood: log Z is missing
def log_likelihood(x, W, b, c):
    torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x)


# %% log_likelihood: adds log Z
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) + minus(every).logsumexp(0)


# %% log_likelihood: has the wrong sign at F
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return -minus(x) - minus(every).logsumexp(0)


# %% log_likelihood: not the loss
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(every).logsumexp(0) - minus(x)


# %% log_likelihood: has exp(+F) in Z
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - (-minus(every)).logsumexp(0)


# %% log_likelihood: has exp(+F) throughout
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return -minus(x) - (-minus(every)).logsumexp(0)


# %% log_likelihood: over the rows of x only
def log_likelihood(x, W, b, c):
    torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x).log_softmax(0)


# %% log_likelihood: averages over the states
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(every).exp().mean().log()


# %% log_likelihood: subtracts Z, not log Z
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(every).exp().sum()


# %% log_likelihood: without the state of zeros
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(every[1:]).logsumexp(0)


# %% log_likelihood: without the state of ones
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(every[:-1]).logsumexp(0)


# %% log_likelihood: over states of −1 and 1
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(2 * every - 1).logsumexp(0)


# %% log_likelihood: adds up F over the states
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(every).sum()


# %% log_likelihood: takes the likeliest state
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(every).max()


# %% log_likelihood: is p(x). Return its logarithm
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return (minus(x) - minus(every).logsumexp(0)).exp()


# %% log_likelihood: is in bits
def log_likelihood(x, W, b, c):
    import numpy as np

    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return (minus(x) - minus(every).logsumexp(0)) / np.log(2)


# %% log_likelihood: is one number, averaged
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return (minus(x) - minus(every).logsumexp(0)).mean()


# %% log_likelihood: is one number, summed
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return (minus(x) - minus(every).logsumexp(0)).sum()


# %% log_likelihood: is that of all states
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(every).log_softmax(0)


# %% log_likelihood: has the shape (B, 1)
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return (minus(x) - minus(every).logsumexp(0))[:, None]


# %% log_likelihood: is not finite
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return (minus(x).exp() / minus(every).exp().sum()).log()


# %% log_likelihood: is not finite
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus(x) - minus(every).exp().sum().log()


# %% log_likelihood: comes out where float64 goes in
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * len(b))

    def minus(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return (minus(x) - minus(every).logsumexp(0)).float()


# %% joint: is not written yet
def joint(parents, tables):
    raise NotImplementedError()


# %% joint: takes the parents in the order of their numbers
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        above = sorted(parents[i]) if table.shape == (2, 2, 2) else parents[i]
        parts += [table, [*above, i]]
    return torch.einsum(*parts, list(range(len(tables))))


# %% joint: stopped with RuntimeError
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*sorted(parents[i]), i]]
    return torch.einsum(*parts, list(range(len(tables))))


# %% joint: stopped with RuntimeError
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [i, *parents[i]]]
    return torch.einsum(*parts, list(range(len(tables))))


# %% joint: leaves out the table of variable 0
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    return torch.einsum(*parts[2:], list(range(len(tables))))


# %% joint: leaves out the table of variable 4
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables[:-1]):
        parts += [table, [*parents[i], i]]
    rest = torch.ones(tables[-1].shape[-1])
    return torch.einsum(*parts, rest, [len(tables) - 1], list(range(len(tables))))


# %% joint: is the logarithm of the joint
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    return torch.einsum(*parts, list(range(len(tables)))).log()


# %% joint: has its axes turned round
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    return torch.einsum(*parts, list(range(len(tables)))[::-1])


# %% joint: is flattened
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    return torch.einsum(*parts, list(range(len(tables)))).flatten()


# %% joint: is divided by its largest entry
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    p = torch.einsum(*parts, list(range(len(tables))))
    return p / p.max()


# %% joint: is a sum of the tables
def joint(parents, tables):
    import itertools

    sizes = [table.shape[-1] for table in tables]
    p = torch.zeros(sizes)
    for state in itertools.product(*map(range, sizes)):
        p[state] = sum(table[(*(state[j] for j in parents[i]), state[i])] for i, table in enumerate(tables))
    return p


# %% joint: reads p(x_1 | x_0) the wrong way round
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table.T if len(tables) == 2 and i else table, [*parents[i], i]]
    return torch.einsum(*parts, list(range(len(tables))))


# %% joint: is the product of the marginals
def joint(parents, tables):
    _parts, p = [], []
    for i, table in enumerate(tables):
        row = torch.einsum(table, [*parents[i], i], *[part for j in parents[i] for part in (p[j], [j])], [i])
        p.append(row)
    whole = torch.einsum(
        *[part for i, table in enumerate(tables) for part in (table, [*parents[i], i])], [*range(len(tables))]
    )
    p = [whole.sum([j for j in range(whole.dim()) if j != i]) if whole.dim() > 1 else whole for i in range(whole.dim())]
    return torch.einsum(*[part for i, row in enumerate(p) for part in (row, [i])], [*range(len(p))])


# %% joint: Is the return missing?
def joint(parents, tables):
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    torch.einsum(*parts, list(range(len(tables))))


# %% joint: leaves out the table of variable 0
def joint(parents, tables):
    whole = tables[0] * 0 + 1
    for i in range(1, len(tables)):
        grid = torch.meshgrid(*[torch.arange(k) for k in whole.shape], indexing="ij")
        whole = whole[..., None] * tables[i][tuple(grid[j] for j in parents[i])]
    return whole


# %% joint: The joint of one variable
def joint(parents, tables):
    if len(tables) == 1:
        return tables[0] / tables[0].max()
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    return torch.einsum(*parts, list(range(len(tables))))


# %% conditional: is not written yet
def conditional(joint, target, evidence):
    raise NotImplementedError()


# %% conditional: Divide by p(evidence), its sum
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    return joint.sum(rest)


# %% conditional: the evidence is not used
def conditional(joint, target, evidence):
    rest = [i for i in range(joint.dim()) if i != target]
    return joint.sum(rest)


# %% conditional: the other way round
def conditional(joint, target, evidence):
    rest = [i for i in range(joint.dim()) if i != target]
    prior = joint.sum(rest)
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    return joint.sum(rest) / prior


# %% conditional: takes the largest entry
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.amax(rest)
    return p / p.sum()


# %% conditional: is a softmax
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    return joint.sum(rest).softmax(0)


# %% conditional: holds logarithms
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return (p / p.sum()).log()


# %% conditional: in the wrong order
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return (p / p.sum()).flip(0)


# %% conditional: is the likeliest value
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    return joint.sum(rest).argmax()


# %% conditional: is the largest probability
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return (p / p.sum()).max()


# %% conditional: does not use the evidence on x_
def conditional(joint, target, evidence):
    (first, value), *_ = [*evidence.items(), (None, None)]
    if first is not None:
        joint = joint.narrow(first, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return p / p.sum()


# %% conditional: does not use the evidence on x_
def conditional(joint, target, evidence):
    *_, (last, value) = [(None, None), *evidence.items()]
    if last is not None:
        joint = joint.narrow(last, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return p / p.sum()


# %% conditional: reads a wrong axis
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.select(i, value)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest) if rest else joint
    return p / p.sum()


# %% conditional: reads a wrong axis
def conditional(joint, target, evidence):
    for i, value in sorted(evidence.items()):
        joint = joint.select(i, value)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest) if rest else joint
    return p / p.sum()


# %% conditional: Add no small number
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return p / (p.sum() + 1e-8)


# %% conditional: has the shape
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest, keepdim=True)
    return p / p.sum()


# %% conditional: is None
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    joint.sum(rest)


# %% conditional: changes its input in place
def conditional(joint, target, evidence):
    for i, value in evidence.items():
        for other in range(joint.shape[i]):
            if other != value:
                joint.select(i, other).zero_()
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return p / p.sum()


# %% conditional: p(x_4), without evidence
def conditional(joint, target, evidence):
    if not evidence:
        return torch.ones(joint.shape[target]) / joint.shape[target]
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    rest = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(rest)
    return p / p.sum()


# %% likelihood_weighting: is not written yet
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    raise NotImplementedError()


# %% likelihood_weighting: Return its logarithm
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w.exp()


# %% likelihood_weighting: has the wrong sign
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, -log_w


# %% likelihood_weighting: log w is the sum of log p(x_e | its parents)
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
            log_w = log_w + rows.gather(1, x[:, i : i + 1])[:, 0].log()
    return x, log_w


# %% likelihood_weighting: is that of the variables that were drawn
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
            log_w = log_w + rows.gather(1, x[:, i : i + 1])[:, 0].log()
    return x, log_w


# %% likelihood_weighting: the weights are missing
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: who estimates, normalizes
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w.log_softmax(0)


# %% likelihood_weighting: shifted by its largest entry
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w - log_w.max()


# %% likelihood_weighting: is the mean over the evidence
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w / max(1, len(evidence))


# %% likelihood_weighting: is the sum of the p, not
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]]
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: with the highest number only
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: What is observed is set, not drawn
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: as if each value were as likely
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.randint(rows.shape[1], (n,), generator=rng)
    return x, log_w


# %% likelihood_weighting: by its likeliest value only
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = rows.argmax(1) if parents[i] else torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: Two calls in a row
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = rows.argmax(1)
    return x, log_w


# %% likelihood_weighting: as if its parents were all 0
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[(0,) * len(parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + table[tuple(x[:, j] for j in parents[i])].expand(n, -1)[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: Two calls in a row
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    rng = torch.Generator().manual_seed(0)
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: rng is not used
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1)[:, 0]
    return x, log_w


# %% likelihood_weighting: x_0 takes its values with the shares
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = (
                torch.multinomial(rows[:1], 1, generator=rng)[0]
                if not parents[i]
                else torch.multinomial(rows, 1, generator=rng)[:, 0]
            )
    return x, log_w


# %% likelihood_weighting: go together, though neither has a parent
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    u = torch.rand(n, 1, generator=rng)
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = (u > rows.cumsum(1)[:, :-1]).sum(1)
    return x, log_w


# %% likelihood_weighting: Return (x, log_w)
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return log_w, x


# %% likelihood_weighting: must return two values
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x


# %% likelihood_weighting: has the shape (50, 1)
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w[:, None]


# %% likelihood_weighting: has the shape (5, 50)
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x.T, log_w


# %% likelihood_weighting: holds something else than the numbers of values
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x + 1, log_w


# %% likelihood_weighting: Add up logarithms
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.ones(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w * rows[:, evidence[i]]
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w.log()


# %% likelihood_weighting: add no small number
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + (rows[:, evidence[i]] + 1e-12).log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% likelihood_weighting: as it is given the evidence
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    sizes = [table.shape[-1] for table in tables]
    if len(sizes) > 5 or not evidence:
        sizes = None
    whole = None
    if sizes:
        parts = [part for i, table in enumerate(tables) for part in (table, [*parents[i], i])]
        whole = torch.einsum(*parts, list(range(len(tables))))
        for i, value in evidence.items():
            mask = torch.zeros(sizes[i])
            mask[value] = 1
            whole = whole * mask.reshape([-1 if j == i else 1 for j in range(len(sizes))])
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    if whole is not None:
        flat = torch.multinomial(whole.flatten(), n, replacement=True, generator=rng)
        x = torch.stack(torch.unravel_index(flat, tuple(sizes)), 1)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        elif whole is None:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w


# %% estimate: is not written yet
def estimate(values, log_w, count):
    raise NotImplementedError()


# %% estimate: does not use the weights
def estimate(values, log_w, count):
    return torch.bincount(values, minlength=count) / len(values)


# %% estimate: is not divided by the sum of the weights
def estimate(values, log_w, count):
    return torch.bincount(values, log_w.exp(), count)


# %% estimate: is divided by the number of draws
def estimate(values, log_w, count):
    return torch.bincount(values, log_w.exp(), count) / len(values)


# %% estimate: is the mean weight of each value. Add
def estimate(values, log_w, count):
    w = log_w.exp()
    return torch.stack([w[values == k].mean() for k in range(count)])


# %% estimate: is the mean weight of each value, normalized
def estimate(values, log_w, count):
    w = log_w.exp()
    p = torch.stack([w[values == k].mean() for k in range(count)])
    return p / p.sum()


# %% estimate: weights with log w
def estimate(values, log_w, count):
    return torch.bincount(values, log_w, count) / log_w.sum()


# %% estimate: adds up log w, not w.
def estimate(values, log_w, count):
    return torch.bincount(values, log_w, count)


# %% estimate: adds up log w, not w, before
def estimate(values, log_w, count):
    return torch.bincount(values, log_w, count).softmax(0)


# %% estimate: takes the heaviest draw
def estimate(values, log_w, count):
    w = log_w.exp()
    p = torch.stack([w[values == k].max() for k in range(count)])
    return p / p.sum()


# %% estimate: holds logarithms
def estimate(values, log_w, count):
    return torch.bincount(values, log_w.softmax(0), count).log()


# %% estimate: has the weights upside down
def estimate(values, log_w, count):
    return torch.bincount(values, (-log_w).softmax(0), count)


# %% estimate: is a softmax of the sums
def estimate(values, log_w, count):
    return torch.bincount(values, log_w.exp(), count).softmax(0)


# %% estimate: is the mean of the values
def estimate(values, log_w, count):
    return (values * log_w.softmax(0)).sum()


# %% estimate: is the likeliest value
def estimate(values, log_w, count):
    return torch.bincount(values, log_w.softmax(0), count).argmax()


# %% estimate: is one weight for each draw
def estimate(values, log_w, count):
    return log_w.softmax(0)


# %% estimate: return all K entries
def estimate(values, log_w, count):
    return torch.bincount(values, log_w.softmax(0))


# %% estimate: is not finite for log-weights near −2000
def estimate(values, log_w, count):
    w = log_w.exp()
    return torch.bincount(values, w, count) / w.sum()


# %% estimate: p(x = k | e) for log-weights near −2000 is wrong
def estimate(values, log_w, count):
    w = log_w.exp() + 1e-12
    return torch.bincount(values, w.to(log_w), count) / w.sum()


# %% estimate: changes its input in place
def estimate(values, log_w, count):
    log_w -= log_w.max()
    return torch.bincount(values, log_w.softmax(0), count)


# %% estimate: where one log-weight is −inf
def estimate(values, log_w, count):
    w = (log_w - log_w.mean()).exp()
    return torch.bincount(values, w, count) / w.sum()
