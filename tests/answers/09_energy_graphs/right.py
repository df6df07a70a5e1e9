# ruff: noqa: B905, F811
"""Right answers to assignment 09, several for each question: `# %% question: how it is done`."""

import torch
from torch.nn import functional as F


# %% energy: as in the lecture, through the visible units' input
def energy(x, h, W, b, c):
    return -(x * (h @ W.T + b)).sum(-1) - (h * c).sum(-1)


# %% energy: einsum
def energy(x, h, W, b, c):
    return -torch.einsum("bi,i->b", x, b) - torch.einsum("bj,j->b", h, c) - torch.einsum("bi,ij,bj->b", x, W, h)


# %% energy: one pair at a time
def energy(x, h, W, b, c):
    return torch.stack([-(b @ v) - c @ u - v @ W @ u for v, u in zip(x, h)])


# %% energy: the diagonal of all against all
def energy(x, h, W, b, c):
    fit = (x @ W @ h.T).diagonal()
    return -(fit + torch.mv(x, b) + torch.mv(h, c))


# %% energy: a bilinear layer of PyTorch
def energy(x, h, W, b, c):
    return -F.bilinear(x, h, W[None])[:, 0] - F.linear(x, b[None])[:, 0] - F.linear(h, c[None]).squeeze(1)


# %% free_energy: as in the lecture
def free_energy(x, W, b, c):
    hidden_logits = x @ W + c
    return -(x * b).sum(-1) - F.softplus(hidden_logits).sum(-1)


# %% free_energy: logaddexp with 0
def free_energy(x, W, b, c):
    a = x @ W + c
    return -torch.logaddexp(a, torch.zeros_like(a)).sum(1) - torch.einsum("bi,i->b", x, b)


# %% free_energy: log-sum-exp over all hidden states
def free_energy(x, W, b, c):
    import itertools

    H = W.shape[1]
    every = torch.tensor(list(itertools.product([0, 1], repeat=H)), dtype=x.dtype)
    minus_E = (x @ b)[:, None] + every @ c + x @ W @ every.T
    return -torch.logsumexp(minus_E, dim=1)


# %% free_energy: the largest taken out by hand
def free_energy(x, W, b, c):
    total = -(x @ b)
    for j in range(W.shape[1]):
        a = x @ W[:, j] + c[j]
        total = total - (a.clamp(min=0) + torch.log1p(torch.exp(-a.abs())))
    return total


# %% free_energy: the logarithm of a sigmoid
def free_energy(x, W, b, c):
    return F.logsigmoid(-(c + torch.matmul(x, W))).sum(dim=1) - x.mv(b)


# %% p_h_given_x: as in the lecture
def p_h_given_x(x, W, c):
    return (x @ W + c).sigmoid()


# %% p_h_given_x: 1 / (1 + exp(−a))
def p_h_given_x(x, W, c):
    return 1 / (1 + torch.exp(-c - torch.einsum("bi,ij->bj", x, W)))


# %% p_h_given_x: unit by unit
def p_h_given_x(x, W, c):
    return torch.stack([torch.sigmoid(c[j] + (x * W[:, j]).sum(1)) for j in range(len(c))], dim=1)


# %% p_h_given_x: a softmax of two, a layer
def p_h_given_x(x, W, c):
    a = F.linear(x, W.T, c)
    return torch.stack([torch.zeros_like(a), a]).softmax(0)[1]


# %% p_h_given_x: a tanh of half
def p_h_given_x(x, W, c):
    return 0.5 + 0.5 * torch.tanh(torch.addmm(c, x, W) / 2)


# %% p_x_given_h: as in the lecture
def p_x_given_h(h, W, b):
    return (h @ W.mT + b).sigmoid()


# %% p_x_given_h: a layer
def p_x_given_h(h, W, b):
    return torch.sigmoid(F.linear(h, W, b))


# %% p_x_given_h: units first
def p_x_given_h(h, W, b):
    return torch.special.expit((W @ h.T).T + b)


# %% p_x_given_h: einsum, and the logarithm of the sigmoid
def p_x_given_h(h, W, b):
    return F.logsigmoid(torch.einsum("ij,bj->bi", W, h) + b).exp()


# %% p_x_given_h: 1 / (1 + exp(−a)), row by row
def p_x_given_h(h, W, b):
    return torch.stack([1 / (1 + torch.exp(-(W @ row + b))) for row in h])


# %% gibbs_step: as in the lecture
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h < (x @ W + c).sigmoid()).to(x)
    return (u_x < (h @ W.mT + b).sigmoid()).to(x)


# %% gibbs_step: torch.where
def gibbs_step(x, u_h, u_x, W, b, c):
    one, zero = torch.ones((), dtype=x.dtype), torch.zeros((), dtype=x.dtype)
    h = torch.where(u_h < torch.sigmoid(F.linear(x, W.T, c)), one, zero)
    return torch.where(torch.sigmoid(F.linear(h, W, b)) > u_x, one, zero)


# %% gibbs_step: against the logits of the uniforms
def gibbs_step(x, u_h, u_x, W, b, c):
    h = (u_h.logit() < c + x @ W).type(x.dtype)
    return torch.lt(u_x.logit(), b + h @ W.T).type(x.dtype)


# %% gibbs_step: rounded up, with no graph
def gibbs_step(x, u_h, u_x, W, b, c):
    with torch.no_grad():
        h = (torch.sigmoid(x @ W + c) - u_h).ceil()
        return (torch.sigmoid(h @ W.T + b) - u_x).ceil().abs()


# %% gibbs_step: unit by unit
def gibbs_step(x, u_h, u_x, W, b, c):
    h, new = torch.zeros_like(u_h), torch.zeros_like(x)
    for j in range(len(c)):
        h[:, j] = (u_h[:, j] < torch.sigmoid(x @ W[:, j] + c[j])).to(x.dtype)
    for i in range(len(b)):
        new[:, i] = (u_x[:, i] < torch.sigmoid(h @ W[i] + b[i])).to(x.dtype)
    return new


# %% cd_loss: as in the lecture, with a function inside
def cd_loss(x, x_k, W, b, c):
    def free_energy(v):
        return -(v * b).sum(-1) - F.softplus(v @ W + c).sum(-1)

    return free_energy(x) - free_energy(x_k.detach())


# %% cd_loss: both phases in one batch
def cd_loss(x, x_k, W, b, c):
    both = torch.cat([x, x_k.detach()])
    a = both @ W + c
    free = -both @ b - torch.logaddexp(a, torch.zeros_like(a)).sum(1)
    data, model = free.split(len(x))
    return data - model


# %% cd_loss: a copy without a graph, made in no_grad
def cd_loss(x, x_k, W, b, c):
    with torch.no_grad():
        end = x_k.clone()
    visible = (end - x) @ b
    return visible + (F.softplus(end @ W + c) - F.softplus(x @ W + c)).sum(1)


# %% cd_loss: row by row
def cd_loss(x, x_k, W, b, c):
    losses = []
    for start, end in zip(x, x_k.data):
        data = -start @ b - F.softplus(start @ W + c).sum()
        model = -end @ b - F.softplus(end @ W + c).sum()
        losses.append(data - model)
    return torch.stack(losses)


# %% cd_loss: expected energies and their entropies
def cd_loss(x, x_k, W, b, c):
    def free(v):
        a = v @ W + c
        p = torch.sigmoid(a)
        entropy = -(p * F.logsigmoid(a) + (1 - p) * F.logsigmoid(-a)).sum(1)
        return -v @ b - (p * a).sum(1) - entropy

    return free(x) - free(x_k.detach())


# %% log_likelihood: all visible states
def log_likelihood(x, W, b, c):
    import itertools

    every = torch.tensor(list(itertools.product([0.0, 1.0], repeat=len(b))), dtype=x.dtype)

    def minus_free(v):
        return v @ b + F.softplus(v @ W + c).sum(1)

    return minus_free(x) - torch.logsumexp(minus_free(every), 0)


# %% log_likelihood: all hidden states
def log_likelihood(x, W, b, c):
    every = torch.cartesian_prod(*[torch.tensor([0, 1], dtype=x.dtype)] * len(c)).reshape(-1, len(c))
    log_z = (every @ c + F.softplus(every @ W.T + b).sum(1)).logsumexp(0)
    return x @ b + F.softplus(x @ W + c).sum(1) - log_z


# %% log_likelihood: all pairs of states
def log_likelihood(x, W, b, c):
    def states(n):
        return ((torch.arange(2**n)[:, None] >> torch.arange(n)) & 1).to(x.dtype)

    v, h = states(len(b)), states(len(c))
    log_z = ((v @ b)[:, None] + h @ c + v @ W @ h.T).flatten().logsumexp(0)
    return ((x @ b)[:, None] + h @ c + x @ W @ h.T).logsumexp(1) - log_z


# %% log_likelihood: one state at a time
def log_likelihood(x, W, b, c):
    import itertools

    log_z = torch.tensor(-torch.inf, dtype=x.dtype)
    for state in itertools.product((0.0, 1.0), repeat=x.shape[1]):
        v = torch.tensor(state, dtype=x.dtype)
        log_z = torch.logaddexp(log_z, v @ b + F.softplus(v @ W + c).sum())
    return x @ b + F.softplus(x @ W + c).sum(1) - log_z


# %% log_likelihood: looked up in a log-softmax over all states
def log_likelihood(x, W, b, c):
    V = x.shape[1]
    powers = 2 ** torch.arange(V)
    every = (torch.arange(2**V)[:, None] // powers % 2).to(x.dtype)
    table = (every @ b + F.softplus(every @ W + c).sum(1)).log_softmax(0)
    return table[(x.long() * powers).sum(1)]


# %% joint: einsum with numbers for axes
def joint(parents, tables):
    import itertools

    operands = itertools.chain.from_iterable(
        (table, [*above, i]) for i, (above, table) in enumerate(zip(parents, tables))
    )
    return torch.einsum(*operands, [*range(len(tables))])


# %% joint: einsum with letters
def joint(parents, tables):
    letters = "abcdefghijklmnopqrstuvwxyz"
    terms = ["".join(letters[j] for j in above) + letters[i] for i, above in enumerate(parents)]
    return torch.einsum(",".join(terms) + "->" + letters[: len(tables)], *tables)


# %% joint: one state after the other
def joint(parents, tables):
    import itertools

    sizes = [table.shape[-1] for table in tables]
    result = torch.zeros(sizes)
    for state in itertools.product(*map(range, sizes)):
        p = 1.0
        for i, table in enumerate(tables):
            p = p * table[(*tuple(state[j] for j in parents[i]), state[i])]
        result[state] = p
    return result


# %% joint: axes moved and filled up, by broadcasting
def joint(parents, tables):
    D, result = len(tables), 1
    for i, table in enumerate(tables):
        axes = [*parents[i], i]
        order = sorted(range(len(axes)), key=lambda place: axes[place])
        shape = [table.shape[axes.index(j)] if j in axes else 1 for j in range(D)]
        result = result * table.permute(order).reshape(shape)
    return result


# %% joint: numpy
def joint(parents, tables):
    import numpy as np

    parts = []
    for i, table in enumerate(tables):
        parts.extend([np.asarray(table), [*list(parents[i]), i]])
    return np.einsum(*parts, list(range(len(tables))))


# %% joint: one variable added at a time, by indexing
def joint(parents, tables):
    result = tables[0]
    for i in range(1, len(tables)):
        grid = torch.meshgrid(*[torch.arange(k) for k in result.shape], indexing="ij")
        result = result[..., None] * tables[i][tuple(grid[j] for j in parents[i])]
    return result


# %% conditional: axes kept by narrow
def conditional(joint, target, evidence):
    for i in evidence:
        joint = joint.narrow(i, evidence[i], 1)
    others = [i for i in range(joint.dim()) if i != target]
    p = joint.sum(others)
    return p / p.sum()


# %% conditional: one index for all axes, then the target's new place
def conditional(joint, target, evidence):
    index = tuple(evidence.get(i, slice(None)) for i in range(joint.ndim))
    left = [i for i in range(joint.ndim) if i not in evidence]
    kept = joint[index].movedim(left.index(target), 0).reshape(joint.shape[target], -1).sum(1)
    return kept / kept.sum()


# %% conditional: one value of the target after the other, numpy
def conditional(joint, target, evidence):
    import numpy as np

    table = np.asarray(joint)
    masses = []
    for k in range(table.shape[target]):
        known = {**evidence, target: k}
        masses.append(table[tuple(known.get(i, slice(None)) for i in range(table.ndim))].sum())
    return np.array(masses) / sum(masses)


# %% conditional: a mask of zeros and ones
def conditional(joint, target, evidence):
    p = joint
    for i, value in evidence.items():
        shape = [1] * joint.dim()
        shape[i] = -1
        p = p * (torch.arange(joint.shape[i]) == value).reshape(shape)
    p = p.movedim(target, 0).flatten(1).sum(1)
    return p / p.sum()


# %% conditional: state by state, plain Python
def conditional(joint, target, evidence):
    import itertools

    mass = [0.0] * joint.shape[target]
    for state in itertools.product(*[range(k) for k in joint.shape]):
        if all(state[i] == value for i, value in evidence.items()):
            mass[state[target]] += float(joint[state])
    return [m / sum(mass) for m in mass]


# %% conditional: einsum, with the observed axes picked from the highest down
def conditional(joint, target, evidence):
    names = list(range(joint.dim()))
    for i in sorted(evidence, reverse=True):
        joint = joint.select(i, evidence[i])
        names.remove(i)
    p = torch.einsum(joint, names, [target])
    return p / p.sum()


# %% likelihood_weighting: all draws at once, by multinomial
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    columns, log_w = [], torch.zeros(n, dtype=tables[0].dtype)
    for i, table in enumerate(tables):
        rows = table[tuple(columns[j] for j in parents[i])] if parents[i] else table.repeat(n, 1)
        if i in evidence:
            column = torch.full((n,), evidence[i])
            log_w += rows.gather(1, column[:, None]).squeeze(1).log()
        else:
            column = torch.multinomial(rows, 1, replacement=True, generator=rng).squeeze(1)
        columns.append(column)
    return torch.stack(columns, 1), log_w


# %% likelihood_weighting: inverse cumulative sums of uniforms
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x = torch.empty(n, len(tables), dtype=torch.int64)
    log_w = torch.zeros(n)
    for i in range(len(tables)):
        rows = tables[i][tuple(x[:, list(parents[i])].T)].expand(n, tables[i].shape[-1])
        u = torch.rand(n, 1, generator=rng)
        x[:, i] = (u > rows.cumsum(1)).sum(1).clamp(max=rows.shape[1] - 1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + torch.log(rows[torch.arange(n), x[:, i]])
    return x, log_w


# %% likelihood_weighting: one draw after the other
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    draws, logs = [], []
    for _ in range(n):
        state, log_w = [], 0.0
        for i, table in enumerate(tables):
            row = table[tuple(state[j] for j in parents[i])]
            if i in evidence:
                state.append(evidence[i])
                log_w += float(row[evidence[i]].log())
            else:
                state.append(int(torch.multinomial(row, 1, generator=rng)))
        draws.append(state)
        logs.append(log_w)
    return torch.tensor(draws), torch.tensor(logs)


# %% likelihood_weighting: the largest of Gumbel noise plus log p, weights afterwards
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    x = torch.zeros((n, len(tables)), dtype=torch.long)
    for i, table in enumerate(tables):
        logits = table.log()[tuple(x[:, j] for j in parents[i])]
        noise = -torch.log(-torch.log(torch.rand(n, table.shape[-1], generator=rng).clamp(1e-20, 1 - 1e-7)))
        x[:, i] = evidence[i] if i in evidence else (logits + noise).argmax(1)
    log_w = sum((tables[i][tuple(x[:, [*parents[i], i]].T)].log() for i in evidence), torch.zeros(n))
    return [x, log_w]


# %% likelihood_weighting: group by group of equal parents
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    import itertools

    x, log_w = torch.zeros(n, len(tables)).long(), torch.zeros(n).double()
    for i, table in enumerate(tables):
        for state in itertools.product(*(range(k) for k in table.shape[:-1])):
            group = torch.ones(n, dtype=torch.bool)
            for j, value in zip(parents[i], state):
                group = group & (x[:, j] == value)
            count = int(group.sum())
            if i in evidence:
                x[group, i] = evidence[i]
                log_w[group] += table[state][evidence[i]].double().log()
            elif count:
                x[group, i] = torch.multinomial(table[state], count, replacement=True, generator=rng)
    return x, log_w


# %% estimate: softmax and bincount
def estimate(values, log_w, count):
    return torch.bincount(values, weights=torch.softmax(log_w, 0), minlength=count)


# %% estimate: one value after the other
def estimate(values, log_w, count):
    w = (log_w - log_w.max()).exp()
    return torch.stack([(w * (values == k)).sum() / w.sum() for k in range(count)])


# %% estimate: logsumexp by value
def estimate(values, log_w, count):
    by_value = torch.where(values[:, None] == torch.arange(count), log_w[:, None], -torch.inf)
    return torch.exp(by_value.logsumexp(0) - log_w.logsumexp(0))


# %% estimate: one-hot rows, numpy
def estimate(values, log_w, count):
    import numpy as np

    log_w = log_w.numpy()
    w = np.exp(log_w - log_w.max())
    return (w / w.sum()) @ np.eye(count)[values.numpy()]


# %% estimate: added up in place
def estimate(values, log_w, count):
    w = F.softmax(log_w, dim=0)
    return torch.zeros(count, dtype=w.dtype).index_add(0, values, w)
